import BakeModel
import BakeTestSupport
import Foundation
import Testing

/// Every kind of layer that a stage can make, as GNU tar sees the exported root.
@Suite struct LayerKindTests {
    private static let pipeline = """
        name: small
        args: { GREETING: hello }
        stages:
          base: { import: base.tar.gz }
          app:
            from: base
            users:
              app: { uid: 900, home: /srv/app }
              helper: { groups: [app] }
            add:
              /srv/app/page: { from: src/page.txt, owner: app }
            files:
              /etc/motd: "two\\nlines\\n"
              /srv/app/start: { content: "#!/bin/sh\\n", mode: "0750", owner: app:helper }
            inputs: []
            args: { NAME: nobody }
            run:
              command: [sh, -c, "id -u > who; echo \\"$GREETING $NAME $COLOUR\\" > /srv/app/said"]
              env: { COLOUR: red }
              user: app
            remove: [/bin/date, "/usr/bin/h*d", "/**/page"]
        image: app

        """

    private func made(_ arguments: [String] = []) throws -> SmallRepository {
        let small = try SmallRepository()
        try small.git.commit(files: ["bake.yaml": Self.pipeline])
        let made = try small.bake(["build"] + arguments)
        try #require(made.status == 0, "\(made.errors)")
        return small
    }

    /// `tar -tv` of the exported root, path → mode, owner and size.
    private func listing(_ small: SmallRepository) throws -> [String: String] {
        let archive = "\(small.git.directory.path)/export.tar.gz"
        #expect(try small.bake("export", "small@1", "-o", archive).status == 0)
        let lines = try ForeignTool.run("tar", ["-tvzf", archive, "--numeric-owner"]).split(separator: "\n")
        let entries = lines.map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            return (words[5], "\(words[0]) \(words[1])")
        }
        return Dictionary(entries) { $1 }
    }

    private func text(_ path: String, of small: SmallRepository) throws -> String {
        try small.bake("enter", "small@1", "--", "cat", path).output
    }

    @Test("users, files with owners by name, a command as a user, and what is removed")
    func everyKind() throws {
        let small = try made()
        let listing = try listing(small)
        #expect(listing["srv/app/"] == "drwxr-xr-x 900/900")
        #expect(listing["srv/app/start"] == "-rwxr-x--- 900/1000")
        #expect(listing["srv/app/said"]?.hasPrefix("-rw-r--r-- 900/900") == true)
        #expect(listing["etc/motd"] == "-rw-r--r-- 0/0")
        #expect(listing["usr/bin/date"] == nil)
        #expect(listing["usr/bin/httpd"] == nil)
        #expect(listing["srv/app/page"] == nil)
        #expect(listing["usr/bin/cat"] != nil)
        #expect(try text("/etc/motd", of: small) == "two\nlines\n")
        #expect(try text("/srv/app/said", of: small) == "hello nobody red\n")
        let passwd = try text("/etc/passwd", of: small)
        #expect(
            passwd.hasSuffix(
                "app:x:900:900::/srv/app:/usr/sbin/nologin\nhelper:x:1000:1000::/nonexistent:/usr/sbin/nologin\n"))
        #expect(try text("/etc/group", of: small).contains("app:x:900:helper\n"))
    }

    @Test(
        "a value that is set is in the image and in the record; the default gives another image; an unknown one is refused"
    )
    func arguments() throws {
        let small = try made(["--set", "NAME=Ann", "--set", "GREETING=bye"])
        #expect(try text("/srv/app/said", of: small) == "bye Ann red\n")
        let shown = try small.bake("show", "small@1", "--json").json()
        #expect(shown["generation"]?["arguments"]?["NAME"]?.string == "Ann")
        #expect(try small.bake("build", "-q").line == "small@2")
        let unknown = try small.bake("build", "--set", "NAMES=x")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean \"NAME\"?"))
        #expect(try small.bake("build", "--set", "NAME").status == 2)
    }

    @Test("a pattern that matches nothing, a user twice, an owner that nobody is: what failed, and where")
    func mistakes() throws {
        let small = try SmallRepository()
        for (stage, words) in [
            ("remove: [/usr/lib/nothing*]", "cannot remove /usr/lib/nothing*: nothing in the root matches"),
            ("users: { root: }", "cannot make the user root: the root has one of that name"),
            ("add: { /x: { from: src/page.txt, owner: ann } }", "cannot find the user ann"),
            ("run: { command: [sh], user: ann }", "cannot run as ann"),
        ] {
            try small.git.commit(files: [
                "bake.yaml": "name: small\nstages:\n  app:\n    import: base.tar.gz\n    \(stage)\nimage: app\n"
            ])
            let build = try small.bake("build")
            #expect(build.status == 1)
            #expect(build.errors.contains(words), "\(build.errors)")
        }
    }

    @Test("users and files on an empty root")
    func emptyRoot() throws {
        let small = try SmallRepository()
        let pipeline = """
            name: small
            stages:
              app: { from: scratch, users: { app: { home: /srv } }, files: { /srv/note: { content: "hi", owner: app } } }
            image: app

            """
        try small.git.commit(files: ["bake.yaml": pipeline])
        let made = try small.bake("build", "-q")
        #expect(made.line == "small@1", "\(made.errors)")
        #expect(try small.bake("export", "small@1:/etc/passwd").output == "app:x:1000:1000::/srv:/usr/sbin/nologin\n")
        let listing = try listing(small)
        #expect(listing["srv/"] == "drwxr-xr-x 1000/1000")
        #expect(listing["srv/note"] == "-rw-r--r-- 1000/1000")
    }

    @Test(
        "a stage's directory that is a link in the root goes where the link leads; directories that are there keep their modes"
    )
    func mergedDirectories() throws {
        let small = try SmallRepository()
        try small.git.commit(files: [
            "bake.yaml": """
            name: small
            stages:
              base: { import: base.tar.gz }
              private: { from: base, inputs: [], run: "mkdir -m 0700 /private" }
              tools:
                from: base
                inputs: []
                run: "mkdir -p dist/bin dist/private dist/tmp; echo tool > dist/bin/tool; echo key > dist/private/key"
                output: dist
              app: { from: private, add: { /: "tools:dist/" } }
              last: { from: app, inputs: [], run: "ls /bin/tool > /srv/found; chmod 0600 /dev/null || echo kept > /srv/kept" }
            image: last

            """
        ])
        let made = try small.bake("build", "-q")
        #expect(made.line == "small@1", "\(made.errors)")
        let inside = try small.bake(
            "enter", "small@1", "--", "sh", "-c",
            "cat /srv/found /usr/bin/tool /srv/kept; stat -c %a /private /private/key; readlink /bin")
        #expect(inside.output == "/bin/tool\ntool\nkept\n700\n644\nusr/bin\n", "\(inside.errors)")
    }

    @Test(
        "names of one file stay its names where both are added; one alone, or one whose other is replaced, keeps its bytes"
    )
    func hardLinks() throws {
        let small = try SmallRepository()
        try small.git.commit(files: [
            "bake.yaml": """
            name: small
            stages:
              base: { import: base.tar.gz }
              made:
                from: base
                inputs: []
                run: "mkdir dist; echo same > dist/a; ln dist/a dist/b; ln dist/a dist/c"
                output: dist
              app:
                from: base
                add: { /all/: "made:dist/", /one: "made:dist/c" }
                files: { /all/a: "other\\n" }
            image: app

            """
        ])
        let made = try small.bake("build", "-q")
        #expect(made.line == "small@1", "\(made.errors)")
        let archive = "\(small.git.directory.path)/export.tar.gz"
        #expect(try small.bake("export", "small@1", "-o", archive).status == 0)
        let script = """
            mkdir root; tar -xzf \(archive) -C root all one; cd root
            cat all/a all/b all/c one; stat -c %h all/a all/b one; test all/b -ef all/c && echo linked
            """
        let directory = "\(small.git.directory.path)/links"
        let seen = try ForeignTool.run("sh", ["-ec", "mkdir \(directory); cd \(directory); \(script)"])
        #expect(seen == "other\nsame\nsame\nsame\n1\n2\n1\nlinked\n")
    }
}
