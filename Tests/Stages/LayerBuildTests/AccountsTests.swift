import BakeModel
import Testing

@testable import LayerBuild

@Suite struct AccountsTests {
    private let passwd = "root:x:0:0:root:/root:/bin/bash\nold:x:1000:1000::/home/old:/bin/sh\n"
    private let group = "root:x:0:\ntty:x:5:\nwww-data:x:33:old\nold:x:1000:\n"

    private func accounts(withShadow: Bool = true) -> Accounts {
        var texts = [Accounts.passwd: passwd, Accounts.group: group]
        if withShadow {
            texts[Accounts.shadow] = "root:*:19000:0:99999:7:::\n"
            texts[Accounts.gshadow] = "tty:!::\nwww-data:!::old\n"
        }
        return Accounts(texts: texts)
    }

    /// passwd(5), group(5), shadow(5), gshadow(5): the number of fields and their places.
    @Test("a user gets a line in each file that the root has, the first free number and a group of its own")
    func added() throws {
        var accounts = accounts()
        let home = try TreePath(cleaning: "srv/app")
        try accounts.add(UserRule(name: "app", groups: ["tty", "www-data"], home: home, shell: "/bin/sh"))
        #expect(accounts.texts[Accounts.passwd] == passwd + "app:x:1001:1001::/srv/app:/bin/sh\n")
        #expect(
            accounts.texts[Accounts.group]
                == "root:x:0:\ntty:x:5:app\nwww-data:x:33:old,app\nold:x:1000:\napp:x:1001:\n")
        #expect(accounts.texts[Accounts.gshadow] == "tty:!::app\nwww-data:!::old,app\napp:!::\n")
        let day = Timestamp.insideImages / 86400
        #expect(accounts.texts[Accounts.shadow] == "root:*:19000:0:99999:7:::\napp:!:\(day):0:99999:7:::\n")
    }

    @Test("a root without shadow files gets none, an empty root gets the first lines")
    func lessFiles() throws {
        var bare = accounts(withShadow: false)
        try bare.add(UserRule(name: "app", user: 7, group: 8))
        #expect(bare.texts[Accounts.shadow] == nil)
        #expect(bare.texts[Accounts.passwd]?.hasSuffix("app:x:7:8::/nonexistent:/usr/sbin/nologin\n") == true)
        var empty = Accounts(texts: [:])
        try empty.add(UserRule(name: "app"))
        #expect(empty.texts[Accounts.passwd] == "app:x:1000:1000::/nonexistent:/usr/sbin/nologin\n")
        #expect(empty.texts[Accounts.group] == "app:x:1000:\n")
    }

    @Test("a group of the user's name is taken as it is")
    func existingGroup() throws {
        var accounts = accounts()
        try accounts.add(UserRule(name: "tty"))
        #expect(accounts.texts[Accounts.passwd]?.hasSuffix("tty:x:1001:5::/nonexistent:/usr/sbin/nologin\n") == true)
        #expect(accounts.texts[Accounts.group] == group)
    }

    @Test("names and numbers that are taken, and groups that are not there, are errors")
    func refused() {
        var accounts = accounts()
        #expect(throws: AccountFault.exists("old")) { try accounts.add(UserRule(name: "old")) }
        #expect(throws: AccountFault.taken(1000, by: "old", for: "app")) {
            try accounts.add(UserRule(name: "app", user: 1000))
        }
        #expect(throws: AccountFault.taken(33, by: "www-data", for: "app")) {
            try accounts.add(UserRule(name: "app", group: 33))
        }
        #expect(throws: AccountFault.noGroup("wheel")) {
            try accounts.add(UserRule(name: "app", groups: ["wheel"]))
        }
    }

    @Test("owners by name are looked up, by number they need no line")
    func owners() throws {
        let accounts = accounts()
        #expect(try accounts.owner(OwnerName(user: "old", group: nil)) == Owner(user: 1000, group: 1000))
        #expect(try accounts.owner(OwnerName(user: "old", group: "tty")) == Owner(user: 1000, group: 5))
        #expect(try accounts.owner(OwnerName(user: "7", group: "www-data")) == Owner(user: 7, group: 33))
        #expect(try accounts.owner(OwnerName(user: "70000", group: "70001")) == Owner(user: 70000, group: 70001))
        #expect(throws: AccountFault.noUser("nobody")) { try accounts.owner(OwnerName(user: "nobody", group: nil)) }
        #expect(throws: AccountFault.noGroup("wheel")) { try accounts.owner(OwnerName(user: "old", group: "wheel")) }
    }
}
