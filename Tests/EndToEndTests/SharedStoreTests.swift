import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Glibc
import LinuxSystem
import Testing

/// A store that belongs to a group, used by real users of this machine, whose umask is 077.
@Suite(.enabled(if: TestUsers.areAvailable, "only root can make users for a test"))
struct SharedStoreTests {
    private let users: TestUsers
    private let small: SmallRepository
    private var store: String { "\(users.directory)/shared/store" }
    private var source: String { "file://\(small.git.path)" }

    init() throws {
        users = try TestUsers()
        small = try SmallRepository()
        try ForeignTool.run("chmod", ["755", small.git.directory.path])
        try ForeignTool.run("install", ["-d", "-o", users.name(of: .alice), "\(users.directory)/shared"])
    }

    private func bake(_ person: TestUsers.Person, _ arguments: String...) throws -> Screen {
        try users.bake(as: person, store: store, arguments)
    }

    private func share(umask: String) throws {
        let made = try users.bake(as: .alice, store: store, umask: umask, ["init", "--group", users.group])
        try #require(made.status == 0, "\(made.errors)")
    }

    /// Everything that has another group or mode than a shared store's; unpacked layers and their contents are each user's own.
    private func strays() throws -> String {
        try ForeignTool.run(
            "find",
            [
                store, "(", "-path", "*/cache/layers/*", "-o", "-path", "*/cache/contents/*", ")", "-prune", "-o", "(",
                "!", "-group", users.group,
                "-o", "-type", "d", "!", "-perm", "-2770", "-o", "-type", "f", "!", "-perm", "-0440",
                "-o", "-type", "f", "!", "-path", "*/sha256/*", "!", "-path", "*/objects/*", "!", "-perm", "-0660",
                "-o", "-perm", "/0002", ")", "-printf", #"%M %g %P\n"#,
            ])
    }

    @Test(
        "two of the group bake one after the other, each as themselves, into files of the group whatever their umask is"
    )
    func oneAfterTheOther() throws {
        try share(umask: "022")
        #expect(try bake(.alice, "build", "-q", source).output == "small@1\n")
        try small.commitPage("hello again")
        let second = try bake(.bob, "build", "-q", source)
        #expect(second.output == "small@2\n", "\(second.errors)")
        try small.commitPage("hello to all")
        #expect(try bake(.alice, "build", "-q", source).output == "small@3\n")
        let builds = try bake(.bob, "log", "--builds").output.split(separator: "\n")
        #expect(
            builds.map { $0.contains("(uid") ? String($0.split(separator: " ").dropLast(2).last ?? "") : "" }
                == [.alice, .bob, .alice].map { users.name(of: $0) })
        #expect(try strays() == "")
        // Root, who is in no group, leaves nothing behind that stops the others.
        try small.commitPage("hello from root")
        #expect(try small.bake(["build", "-q", source], environment: ["BAKE_STORE=\(store)"]).output == "small@4\n")
        try small.commitPage("hello from bob")
        #expect(try bake(.bob, "build", "-q", source).output == "small@5\n")
        #expect(try strays() == "")
        #expect(try bake(.bob, "fsck").status == 0)
        #expect(try bake(.bob, "gc", "--cache").status == 0)
    }

    @Test("whoever may read a store may back it up, with the commits that it keeps")
    func backupByAReader() throws {
        let umask = "022"
        try #require(try users.bake(as: .alice, store: store, umask: umask, ["init"]).status == 0)
        let built = try users.bake(as: .alice, store: store, umask: umask, ["build", "-q", source])
        #expect(built.output == "small@1\n", "\(built)")
        let copy = "\(users.home(of: .reader))/copy"
        let screen = try bake(.reader, "backup", copy)
        #expect(screen.status == 0, "\(screen)")
        let checked = try users.bake(as: .reader, store: copy, ["fsck"])
        #expect(checked.output == "the store is sound\n", "\(checked)")
        #expect(
            try ForeignTool.run("git", ["-c", "safe.directory=*", "-C", "\(copy)/git/kept.git", "rev-list", "--all"])
                .count >= 41)
    }

    @Test("two of the group bake at the same time; the image is the one that a store of one's own gets")
    func atTheSameTime() throws {
        try share(umask: "022")
        let source = source
        let bakes = [TestUsers.Person.alice, .bob, .alice, .bob].map { person in
            Worker { [users, store] in try users.bake(as: person, store: store, ["build", "--json", source]) }
        }
        let screens = try bakes.map { try $0.result() }
        for screen in screens { #expect(screen.status == 0, "\(screen.errors)") }
        let documents = try screens.map { try $0.json() }
        #expect(documents.compactMap { $0["outcome"]?.string }.sorted() == ["made", "stands", "stands", "stands"])
        #expect(try Set(documents.map { $0["image"] }) == [small.bake("build", "--json").json()["image"]])
        #expect(try strays() == "")
    }

    @Test("the root of a command that failed is kept for each who ran it")
    func failedCommands() throws {
        try share(umask: "022")
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: ["bake.yaml": pipeline.replacing("mkdir dist", with: "exit 3")])
        for person in [TestUsers.Person.alice, .bob] {
            let failed = try bake(person, "build", "--keep-failed", source)
            #expect(failed.status == 1 && !failed.errors.contains("Permission denied"), "\(failed.errors)")
        }
        #expect(try bake(.bob, "fsck").status == 0)
    }

    @Test("a umask that shuts others out is kept: 2770 and 0660, and a stranger is told whom to ask")
    func closed() throws {
        try share(umask: "027")
        #expect(try bake(.bob, "build", "-q", source).status == 0)
        #expect(try strays() == "")
        #expect(try ForeignTool.run("stat", ["-c", "%a", store, "\(store)/ledger.sqlite"]) == "2770\n660\n")
        let stranger = try bake(.reader, "status")
        #expect(stranger.status == 2 && stranger.errors.contains("you are not in the group \(users.group)"))
    }

    @Test("a private store is given to a group later, with everything in it")
    func laterOn() throws {
        #expect(try users.bake(as: .alice, store: store, ["build", "-q", source]).output == "small@1\n")
        #expect(try bake(.bob, "status").status == 2)
        let others = try users.bake(as: .alice, store: store, ["init", "--group", "root"])
        #expect(others.status == 2 && others.errors.contains("who is in the group root"), "\(others.errors)")
        try share(umask: "022")
        try small.commitPage("hello again")
        let second = try bake(.bob, "build", "-q", source)
        #expect(second.output == "small@2\n", "\(second.errors)")
        #expect(try strays() == "")
        try ForeignTool.run("chmod", ["g-s", store])
        let lost = try bake(.bob, "build", source)
        #expect(lost.status == 2 && lost.errors.contains("bake init --store"), "\(lost.errors)")
    }

    @Test("who may not write may ask, look into images and take them out, and is told plainly what is not for them")
    func reader() throws {
        try share(umask: "022")
        try #require(try bake(.alice, "build", "-q", source).status == 0)
        for words in [
            ["status"], ["log"], ["log", "--builds"], ["show", "small@1"], ["audit"], ["audit", "--verify"], ["fsck"],
            ["env", "show"],
        ] {
            let screen = try users.bake(as: .reader, store: store, words)
            #expect(screen.status == 0, "\(words): \(screen.errors)")
        }
        let page = try bake(.reader, "enter", "small@1", "--", "cat", "/srv/page.txt")
        #expect(page.output == "HELLO\n", "\(page.errors)")
        #expect(try bake(.reader, "export", "small@1", "-o", "small.tar.gz").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: users.home(of: .reader)) == ["small.tar.gz"])
        for words in [
            ["build", source], ["init"], ["gc", "--cache"], ["promote", "1", "staging"], ["rollback", "small:staging"],
            ["freeze", "small:staging"], ["env", "apply", "none.yaml"],
        ] {
            let screen = try users.bake(as: .reader, store: store, words)
            #expect(screen.status == 2, "\(words): \(screen.errors)")
            #expect(screen.errors.contains("you may read this store, not write to it: it belongs to the group"))
        }
    }

    @Test("a reader whose TMPDIR has too little room for the image is told of TMPDIR, and not of the store")
    func readerWithoutRoom() throws {
        try share(umask: "022")
        try #require(try bake(.alice, "build", "-q", source).status == 0)
        let disk = try SmallDisk(at: users.home(of: .reader), size: "1m")
        try disk.sh("chmod 1777 .")
        let screen = try users.bake(
            as: .reader, store: store, ["test", "small@1"], wrapper: disk.wrapper(in: users.directory))
        #expect(screen.status == 1 && screen.errors.contains("No space left on device"), "\(screen)")
        #expect(screen.errors.contains("hint: whoever may not write to the store unpacks images below $TMPDIR"))
        #expect(try disk.sh("ls -A") == "")
    }

    @Test("a reader sees every state of a store that others write to, through a mount that is read-only too")
    func readerBesideWriters() throws {
        try share(umask: "022")
        try #require(try bake(.alice, "build", "-q", source).status == 0)
        let writer = Worker { [self] in
            for number in 1...4 {
                try small.commitPage("hello \(number)")
                _ = try bake(.bob, "build", "-q", source)
            }
        }
        let mount = "mount --bind \(store) \(store) && mount -o remount,ro,bind \(store) && exec \"$@\""
        let wrapper = ["/usr/bin/unshare", "-m", "--propagation", "private", "/bin/sh", "-c", mount, "sh"]
        var seen = 1
        for _ in 1...1000 where seen < 5 {
            let log = try users.bake(as: .reader, store: store, ["log", "-q"])
            let mounted = try users.bake(as: .alice, store: store, ["log", "-q"], wrapper: wrapper)
            try #require(log.status == 0 && mounted.status == 0, "\(log.errors)\(mounted.errors)")
            let count = mounted.output.split(separator: "\n").count
            #expect(count >= log.output.split(separator: "\n").count && count >= seen)
            seen = count
        }
        try writer.result()
        #expect(seen == 5)
        let refused = try users.bake(as: .alice, store: store, ["build", source], wrapper: wrapper)
        #expect(refused.status == 2 && refused.errors.contains("its file system is read-only"), "\(refused.errors)")
    }

    /// What SQLite's first writer for a while does: it holds the lock that says that the log's index is in use (a byte of its
    /// own, sqlite.org/walformat.html), empties it, and fills it again.
    @Test("a reader who comes while a writer makes the log's index anew waits for that")
    func indexMadeAnew() throws {
        try share(umask: "022")
        try #require(try bake(.alice, "build", "-q", source).status == 0)
        let file = try Descriptor.open("\(store)/ledger.sqlite-shm", O_RDWR)
        let index = try file.readAll(limit: 1 << 20)
        var lock = flock(l_type: Int16(F_RDLCK), l_whence: Int16(SEEK_SET), l_start: 128, l_len: 1, l_pid: 0)
        try #require(fcntl(file.number, F_SETLK, &lock) == 0)
        try file.rewound().write([UInt8](repeating: 0, count: index.count))
        let reader = Worker { [self] in try bake(.reader, "log", "-q") }
        usleep(300_000)
        try file.rewound().write(index)
        let log = try reader.result()
        #expect(log.status == 0 && log.output.hasPrefix("small@1"), "\(log.errors)")
    }

    @Test("a copy without SQLite's files beside the ledger can be read by who may not write to it")
    func copy() throws {
        try share(umask: "022")
        try #require(try bake(.alice, "build", "-q", source).status == 0)
        for (name, left) in [
            ("bare", ["ledger.sqlite-shm"]), ("restored", ["ledger.sqlite-shm", "ledger.sqlite-wal"]),
        ] {
            let copy = "\(users.directory)/\(name)"
            try ForeignTool.run("cp", ["-a", store, copy])
            if name == "restored" {
                try ForeignTool.run("sqlite3", ["\(copy)/ledger.sqlite", "PRAGMA wal_checkpoint"])
            }
            for file in left { try? FileManager.default.removeItem(atPath: "\(copy)/\(file)") }
            let log = try users.bake(as: .reader, store: copy, ["log", "-q"])
            #expect(log.status == 0 && log.output.hasPrefix("small@1"), "\(name): \(log.errors)")
            let verified = try users.bake(as: .reader, store: copy, ["audit", "--verify"])
            #expect(verified.status == 0, "\(name): \(verified)")
        }
    }
}
