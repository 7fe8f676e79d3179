import BakeModel
import Testing

@testable import BakePipeline

@Suite struct PipelineFileTests {
    @Test("the example of the design reads into the pipeline it describes")
    func example() throws {
        let pipeline = try read(Self.web)
        #expect(pipeline.name.text == "web")
        #expect(pipeline.stages.map(\.name.text) == ["os", "tools", "site", "app"])
        #expect(pipeline.image.text == "app")
        #expect(pipeline.spec == .file(try TreePath(cleaning: "goss.yaml")))
        let os = try #require(pipeline.stages.first)
        #expect(os.root == .debian(DebianSuite("bookworm")))
        #expect(os.packages == ["nginx-light", "ca-certificates"])
        #expect(pipeline.stages[1].packages == ["make"])
        let site = pipeline.stages[2]
        #expect(site.root == .stage(try #require(StageName("tools"))))
        #expect(site.run?.command == .shell("make dist"))
        #expect(
            site.run?.inputs == [
                .checkout(PathPattern(text: "src/**", contents: false)),
                .checkout(PathPattern(text: "Makefile", contents: false)),
            ])
        #expect(site.run?.output == [path("dist", contents: true)])
        let app = pipeline.stages[3]
        #expect(app.needs.map(\.text) == ["os", "site"])
        #expect(app.add.map(\.destination.description) == ["srv/www", "etc/nginx/nginx.conf"])
        #expect(app.add.map(\.intoDirectory) == [true, false])
        #expect(app.add[0].source == .stage(try #require(StageName("site")), path("dist", contents: true)))
        #expect(app.configuration.command == ["nginx", "-g", "daemon off;"])
        #expect(app.configuration.ports == ["8080/tcp"])
    }

    @Test("a root is entered by commands, packages and names of owners, not by files that are added or by settings")
    func entered() throws {
        let pipeline = try read(
            """
            name: web
            stages:
              os: { from: scratch, add: { /a: a } }
              settings: { from: os, config: { user: www } }
              files: { from: os, add: { /b: b } }
              owned: { from: os, add: { /c: { from: c, owner: www } } }
              command: { from: os, run: make }
              gone: { from: os, remove: [/a] }
              copied: { from: scratch, add: { /d: "os:/a" } }
              other: { from: files, run: make }
            image: files
            """)
        let os = try #require(StageName("os"))
        let entering = pipeline.stages.filter { $0.enters(rootOf: os) }.map(\.name.text)
        #expect(entering == ["owned", "command", "gone", "copied"])
    }

    @Test("a spec, like the lock, lies beside the pipeline file")
    func specBeside() throws {
        let pipeline = try read(
            "name: web\nstages: {os: {from: scratch}}\nimage: os\nspec: checks/goss.yaml\n", at: "bake/web.yaml")
        #expect(pipeline.spec == .file(try TreePath(cleaning: "bake/checks/goss.yaml")))
    }

    @Test("an inline spec keeps what its words mean and does not change with its layout")
    func inlineSpec() throws {
        let block = """
            name: web
            stages: {os: {from: scratch}}
            image: os
            spec:
              # A comment.
              file:
                /etc/passwd:
                  exists: true
                  mode: "0644"
              command:
                'nginx -v':
                  exit-status: 0
                  stderr: [nginx]
            """
        let flow = """
            {name: web, stages: {os: {from: scratch}}, image: os, spec: {file: {/etc/passwd: {exists: true,
              mode: '0644'}}, command: {"nginx -v": {exit-status: 0, stderr: [nginx]}}}}
            """
        let expected = """
            file:
              /etc/passwd:
                exists: true
                mode: "0644"
            command:
              "nginx -v":
                exit-status: 0
                stderr:
                  - nginx

            """
        #expect(try read(block).spec == .inline(yaml: expected))
        #expect(try read(flow).spec == .inline(yaml: expected))
    }

    @Test("a spec may have variables: a file of them, several, or themselves")
    func specVariables() throws {
        let head = "name: web\nstages: { os: { from: scratch } }\nimage: os\nspec: "
        let (one, two) = (try TreePath(cleaning: "ops/a.yaml"), try TreePath(cleaning: "ops/b.json"))
        let spec = try TreePath(cleaning: "ops/goss.yaml")
        for (clause, expected) in [
            ("{ file: goss.yaml }", .file(spec)),
            ("{ file: goss.yaml, vars: a.yaml }", .template(SpecTemplate(file: spec, variables: [one], inline: nil))),
            (
                "{ file: goss.yaml, vars: [a.yaml, b.json] }",
                .template(SpecTemplate(file: spec, variables: [one, two], inline: nil))
            ),
            (
                "{ file: goss.yaml, vars: { port: 80 } }",
                .template(SpecTemplate(file: spec, variables: [], inline: "port: 80\n"))
            ),
        ] as [(String, SpecSource)] {
            #expect(try read(head + clause + "\n", at: "ops/bake.yaml").spec == expected)
        }
        #expect(throws: SourceFaults.self) { try read(head + "{ file: goss.yaml, var: a.yaml }\n") }
    }

    @Test("every form of import, add and config has its value")
    func forms() throws {
        let pipeline = try read(
            """
            name: all
            stages:
              a: { import: roots/base.tar.gz }
              b: { import: /srv/./base.tar }
              c: { import: "oci:images/x" }
              d: { import: "oci:/srv/x:web@42" }
              f: { import: "oci-archive:x.tar" }
              g: { import: "docker-archive:/srv/x.tar:localhost/a/b:1" }
              h: { import: "docker://registry.example:5000/a/b:1" }
              e:
                from: d
                add:
                  /etc: { from: etc/, mode: "0600", owner: "33:34" }
                  /opt/:
                    - ./a
                    - "a:/usr/bin/tool"
                run: |
                  true
                config:
                  entrypoint: exec tool
                  env: { B: "2", A: 1 }
                  ports: [8080, "53/udp"]
                  labels: { org.example: yes }
                  stop-signal: SIGQUIT
                  workdir: /srv//x/
                  volumes: [/data]
                  user: "33:33"
            image: e
            """)
        let roots = pipeline.stages.map(\.root)
        #expect(roots[0] == .imported(.tarball(.commit(try TreePath(cleaning: "roots/base.tar.gz")))))
        #expect(roots[1] == .imported(.tarball(.machine("/srv/base.tar"))))
        #expect(roots[2] == .imported(.layout(.commit(try TreePath(cleaning: "images/x")), reference: nil)))
        #expect(roots[3] == .imported(.layout(.machine("/srv/x"), reference: "web@42")))
        #expect(roots[4] == .imported(.layoutArchive(.commit(try TreePath(cleaning: "x.tar")), reference: nil)))
        #expect(roots[5] == .imported(.dockerArchive(.machine("/srv/x.tar"), reference: "localhost/a/b:1")))
        let image = try RegistryReference(parsing: "docker://registry.example:5000/a/b:1")
        #expect(roots[6] == .imported(.registry(image)))
        let stage = try #require(pipeline.stages.last)
        #expect(stage.add.map(\.mode) == [0o600, nil, nil])
        #expect(stage.add.map(\.owner) == [OwnerName(user: "33", group: "34"), .root, .root])
        #expect(stage.add[1].source == .checkout(PathPattern(text: "a", contents: false)))
        let tool = StagePath(path: try TreePath(cleaning: "usr/bin/tool"), inRoot: true, contents: false)
        #expect(stage.add[2].source == .stage(try #require(StageName("a")), tool))
        #expect(stage.run == RunStep(command: .shell("true\n"), inputs: nil, output: []))
        #expect(
            stage.configuration
                == ImageConfiguration(
                    entrypoint: ["/bin/sh", "-c", "exec tool"], environment: ["B=2", "A=1"],
                    ports: ["8080/tcp", "53/udp"], user: "33:33", workingDirectory: "/srv/x",
                    labels: ["org.example": "yes"], stopSignal: "SIGQUIT", volumes: ["/data"]))
    }

    @Test("users, files, remove, words, fetch, args and secrets become what they say")
    func everyKind() throws {
        let pipeline = try read(
            """
            name: web
            args: { VERSION: dev }
            secrets: [TOKEN]
            stages:
              a:
                from: base:production
                users: { app: { uid: 900, home: /srv/app, groups: [tty] }, plain: }
                files:
                  /etc/motd: "hello\\n"
                  /usr/bin/start: { content: "#!/bin/sh", mode: "0755", owner: app }
                inputs: []
                args: { VERSION: local, MODE: fast }
                secrets: [NETRC]
                run: { command: [make, "a b"], env: { CC: tcc }, user: app }
                remove: [/usr/share/doc, "/var/cache/**"]
              b: { from: base@17, inputs: [], fetch: "curl -O x", output: x }
            image: a
            """)
        let stage = try #require(pipeline.stages.first)
        let slot = try #require(Slot("base:production"))
        #expect(stage.root == .generation(.slot(slot)))
        let home = try TreePath(cleaning: "srv/app")
        #expect(
            stage.users == [UserRule(name: "app", user: 900, groups: ["tty"], home: home), UserRule(name: "plain")])
        #expect(stage.add.map(\.destination.description) == ["etc/motd", "usr/bin/start"])
        #expect(stage.add.map(\.source) == [.text(Array("hello\n".utf8)), .text(Array("#!/bin/sh".utf8))])
        #expect(stage.add.map(\.mode) == [0o644, 0o755])
        #expect(stage.add[1].owner == OwnerName(user: "app", group: nil))
        let run = try #require(stage.run)
        #expect(run.command == .words(["make", "a b"]))
        #expect(run.command.description == "make 'a b'")
        #expect(run.environment == ["CC=tcc"])
        #expect(run.user == "app")
        #expect(run.network == .none)
        #expect(run.arguments == ["VERSION": "local", "MODE": "fast"])
        #expect(run.secrets == ["TOKEN", "NETRC"])
        #expect(stage.remove == ["usr/share/doc", "var/cache/**"])
        let fetch = try #require(pipeline.stages.last)
        #expect(fetch.root == .generation(.numbered(try #require(GenerationID("base@17")))))
        #expect(fetch.run?.network == .machine)
        #expect(fetch.run?.arguments == ["VERSION": "dev"])
        #expect(pipeline.setting(["MODE": "slow"]).arguments == ["VERSION": "dev", "MODE": "slow"])
    }

    static let web = """
        name: web
        stages:
          os:
            debian: bookworm
            packages: [nginx-light, ca-certificates]     # pinned by hash in web.lock
          tools:
            from: os
            packages: [make]                             # never reaches the image
          site:
            from: tools
            inputs: ["src/**", Makefile]
            run: make dist
            output: dist/
          app:
            from: os
            add:
              /srv/www/: "site:dist/"
              /etc/nginx/nginx.conf: ops/nginx.conf
            config: { cmd: [nginx, -g, daemon off;], ports: [8080] }
        image: app
        spec: goss.yaml
        """

    private func read(_ text: String, at file: String = "bake.yaml") throws -> Pipeline {
        try PipelineFile.read(Array(text.utf8), at: TreePath(cleaning: file))
    }

    private func path(_ text: String, contents: Bool) -> StagePath {
        StagePath(path: (try? TreePath(cleaning: text)) ?? .root, inRoot: false, contents: contents)
    }
}
