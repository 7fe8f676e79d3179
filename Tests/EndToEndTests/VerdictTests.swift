import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// What an image was found to be, at the bake and later.
@Suite struct VerdictTests {
    private static let structure = """
        schemaVersion: 2.0.0
        fileExistenceTests: [{name: page, path: /srv/page.txt, permissions: -rw-r--r--}]
        commandTests: [{name: hello, command: hello, expectedOutput: [hi there]}]
        metadataTest: {exposedPorts: ["8080"]}

        """

    private func repository(spec: String) throws -> SmallRepository {
        let small = try SmallRepository()
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(
            files: [
                "bake.yaml": pipeline.replacingOccurrences(of: "spec: goss.yaml\n", with: spec),
                "structure.yaml": Self.structure,
            ], "Another spec")
        return small
    }

    /// Reads what `audit --export` gives, a line for each entry.
    private func entries(_ small: SmallRepository, kind: String) throws -> [JSON] {
        try small.bake("audit", "--export").output.split(separator: "\n")
            .map { try JSON(parsing: Array($0.utf8)) }.filter { $0["kind"]?.string == kind }
    }

    @Test("a spec of goss's file, container-structure-test's file and a command in a stage")
    func list() throws {
        let small = try repository(
            spec: """
                spec:
                  - goss.yaml
                  - structure.yaml
                  - { in: base, run: "test -x /image/usr/bin/hello && ! touch /image/x && ! test -e /bin/hello" }
                  - { in: base, run: "echo seen; exit 4" }

                """)
        let failed = try small.bake("build")
        #expect(failed.status == 1)
        #expect(failed.errors.contains("expected exit status 0   found exit status 4: \"seen\\n\""), "\(failed.errors)")
        #expect(failed.errors.contains("1 of 20 checks failed"), "\(failed.errors)")
        let plan = try small.bake("plan")
        #expect(plan.output.contains("goss.yaml, structure.yaml, in base"), "\(plan.output)")
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(
            files: ["bake.yaml": pipeline.replacingOccurrences(of: "exit 4", with: "exit 0")], "A better check")
        #expect(try small.bake("build", "-q").line == "small@1")
        #expect(try small.bake("build", "-q").line == "small@1")
        // The stage comes out of the cache.
        let kept = try small.bake("test", "small", "-v")
        #expect(kept.status == 0 && kept.line.hasPrefix("20 passed 0 failed"), "\(kept)")
        #expect(kept.errors.contains("base       cached"), "\(kept.errors)")
    }

    @Test("a check in a stage is made later, too: with the stage built again, and else skipped with the reason")
    func stageLater() throws {
        let check = "{ in: base, run: \"test -x /image/usr/bin/hello\" }"
        let small = try repository(spec: "spec: [goss.yaml, \(check)]\n")
        #expect(try small.bake("build", "-q").line == "small@1")
        try FileManager.default.removeItem(atPath: "\(small.store)/cache/stages")
        let again = try small.bake("test", "small", "-v")
        #expect(again.status == 0 && again.line.hasPrefix("14 passed 0 failed"), "\(again)")
        #expect(again.errors.contains("base       ran"), "\(again.errors)")
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(
            files: ["bake.yaml": pipeline.replacingOccurrences(of: "[goss.yaml, ", with: "[")], "The stage alone")
        #expect(try small.bake("build", "-q").line == "small@2")
        try FileManager.default.moveItem(atPath: "\(small.git.path)/.git", toPath: "\(small.git.path)/gone")
        // The store keeps the commits of its generations: without the repository the stage is built of that.
        #expect(try small.bake("test", "small@1").line.hasPrefix("14 passed 0 failed"))
        try FileManager.default.removeItem(atPath: "\(small.store)/git/kept.git")
        let partly = try small.bake("test", "small@1", "-v")
        #expect(partly.status == 0 && partly.line.hasPrefix("13 passed 0 failed 1 skipped"), "\(partly)")
        let reason = "the root of stage base is not at hand: the commit that it was made from is not at hand"
        #expect(partly.errors.contains(reason), "\(partly.errors)")
        // Nothing could be asked at all: that is no pass.
        let none = try small.bake("test", "small@2")
        #expect(none.status == 2 && none.errors.contains("none of their roots is at hand"), "\(none)")
    }

    @Test(
        "run options: a commit's spec sees nothing of the builder, but a file of variables of the commit; by hand it is lent"
    )
    func runOptions() throws {
        let small = try repository(spec: "spec: structure.yaml\n")
        let text = """
            schemaVersion: 2.0.0
            commandTests: [{name: hello, command: env, expectedOutput: [TOKEN=secret]}]
            containerRunOptions:

            """
        try small.git.commit(
            files: ["structure.yaml": "\(text)  envVars: [TOKEN]\n  bindMounts: [/etc:/mnt]\n"], "Asks")
        let refused = try small.bake(["build"], environment: ["TOKEN=secret"])
        #expect(refused.status == 2, "\(refused)")
        #expect(
            refused.errors.contains("structure.yaml:4:13: a spec of a commit does not see the env"), "\(refused.errors)"
        )
        #expect(refused.errors.contains("structure.yaml:5:15: a spec of a commit does not see the files"))
        try small.git.commit(
            files: ["structure.yaml": "\(text)  envFile: conf/env\n", "conf/env": "TOKEN=secret\n"], "Brings")
        #expect(try small.bake("build", "-q").line == "small@1")
        #expect(try small.bake("test", "small").line.hasPrefix("2 passed 0 failed"))
        try small.git.write("hand.yaml", "\(text)  envVars: [TOKEN]\n  bindMounts: [\(small.git.path)/conf:/mnt:ro]\n")
        let tests = try ["secret", "wrong"].map {
            try small.bake(["test", "small", "hand.yaml", "--json"], environment: ["TOKEN=\($0)"])
        }
        #expect(tests.map(\.status) == [0, 1] && !tests[0].output.contains("secret"), "\(tests)")
        let verdicts = try tests.map { try JSON(parsing: Array($0.output.utf8)) }
        #expect(verdicts[0]["spec"] != verdicts[1]["spec"], "another value is another spec")
        let lent = ["the variable TOKEN of the environment", "\(small.git.path)/conf at /mnt, to be read"]
        #expect(verdicts[0]["lent"]?.items?.compactMap(\.string) == lent)
        for thing in lent { #expect(tests[0].errors.contains("lent \(thing)"), "\(tests[0].errors)") }
    }

    @Test("what templates know as .Env is the image's, as under dgoss, and the tester's where that says nothing")
    func environment() throws {
        let small = try repository(spec: "spec: goss.yaml\n")
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        let configured = pipeline.replacingOccurrences(
            of: "config: {", with: "config: { env: { PLACE: /srv, EMPTY: \"\" }, user: \"7\",")
        try small.git.commit(files: ["bake.yaml": configured], "An environment")
        #expect(try small.bake("build", "-q").line == "small@1")
        // A container of user 7, whom nobody knows, has HOME=/ and Docker's own PATH.
        try small.git.write(
            "env.yaml",
            """
            matching:
              all:
                content: [{{ .Env.PLACE }}, "{{ .Env.EMPTY }}", {{ .Env.HOME }}, {{ getEnv "PATH" }}, {{ env "GIVEN" }}]
                matches: [/srv, "", /, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", given]

            """)
        let mine = ["PLACE=/nope", "EMPTY=no", "HOME=/root", "GIVEN=given"]
        let found = try small.bake(["test", "small", "env.yaml", "-v"], environment: mine)
        #expect(found.status == 0, "\(found)")
        let machine = try small.bake(["test", "--root", "/", "env.yaml", "-v"], environment: mine)
        #expect(machine.status == 1 && machine.errors.contains("/nope"), "\(machine)")
    }

    @Test("specs and variables by links and pipes; a report that cannot be written is told before anything is tested")
    func places() throws {
        let small = try SmallRepository()
        #expect(try small.bake("build").status == 0)
        try small.git.write("real.yaml", "file: { '{{ .Vars.path }}': { exists: true } }\n")
        try small.git.write("vars.yaml", "path: /srv/page.txt\n")
        let script = """
            ln -s real.yaml link.yaml && ln -s vars.yaml more.yaml
            "$@" test small link.yaml --vars more.yaml && cat real.yaml | "$@" test small - --vars vars.yaml
            """
        let linked = try small.bake([], wrapper: ["/bin/sh", "-c", script, "sh"])
        #expect(linked.status == 0 && linked.output.split(separator: "\n").count == 2, "\(linked)")
        let before = try entries(small, kind: "test").count
        for option in ["--junit", "--html"] {
            let screen = try small.bake("test", "small", option, "/nowhere/report")
            #expect(screen.status == 2 && screen.errors.contains("nothing can be written to /nowhere"), "\(screen)")
        }
        #expect(try entries(small, kind: "test").count == before)
        #expect(
            try small.bake("test", "small", "real.yaml", "--vars", "none.yaml").errors.contains("the variables none"))
        #expect(try small.bake("test", "--root", "", "real.yaml").status == 2)
        #expect(try small.bake("test", "small", "src").status == 2)
        try small.git.write("octal.yaml", "file: { /srv/page.txt: { exists: true, mode: 0644 } }\n")
        let warned = try small.bake("test", "small", "octal.yaml", "--dry-run")
        #expect(warned.status == 1)
        #expect(
            warned.errors.hasPrefix("warning: octal.yaml:1:46: without quotes 0644 is a number in base eight\n"),
            "\(warned.errors)")
        #expect(try small.bake("test", "small", "--json", "--format", "tap").status == 2)
    }

    @Test("variables of a spec come from the commit, from several files, and from the pipeline file")
    func variables() throws {
        let small = try repository(spec: "spec: { file: t.yaml, vars: [vars/all.yaml, vars/site.json] }\n")
        try small.git.commit(
            files: [
                "t.yaml": """
                file:
                  /srv/page.txt: { exists: true, mode: "{{ .Vars.page.mode }}", contents: ["{{ .Vars.page.text | upper }}"] }
                {{- range .Vars.absent }}
                  {{ . }}: { exists: false }
                {{- end }}

                """,
                "vars/all.yaml": "page: { mode: \"0600\", text: hello }\nabsent: [/nope, /srv/nope]\n",
                "vars/site.json": "{\"page\": {\"mode\": \"0644\"}}\n",
            ], "With variables")
        #expect(try small.bake("build", "-q").line == "small@1")
        let kept = try small.bake("test", "small", "-v")
        #expect(kept.line.hasPrefix("5 passed 0 failed"), "\(kept)")
        #expect(kept.errors.contains("passed   file /srv/nope exists"), "\(kept.errors)")
        // Another value is another spec, and so another generation.
        try small.git.commit(files: ["vars/site.json": "{\"page\": {\"mode\": \"0640\"}}\n"], "A wrong mode")
        let wrong = try small.bake("build")
        #expect(wrong.status == 1 && wrong.errors.contains("expected \"0640\"   found \"0644\""), "\(wrong)")
        // An uncommitted change of them is seen.
        try small.git.write("vars/all.yaml", "page: {}\n")
        let dirty = try small.bake("build")
        #expect(dirty.status == 2 && dirty.errors.contains("vars/all.yaml"), "\(dirty)")
    }

    @Test(
        "what is wrong with a spec: file, line, column, exit 2, from the commit, from the pipeline file, and by hand",
        arguments: [
            ("file: { /srv/page.txt: { exists: true, mod: \"0644\" } }\n", 1, 40, "a file has no key \"mod\""),
            ("command:\n  ls: { exit-status: 0, timeout: soon }\n", 2, 34, "\"timeout\""),
            ("port:\n  http: { listening: true }\n", 2, 3, "\"http\" is no port"),
            ("file:\n  /x: { exists: true, size: { gt: 1, lt: 3 } }\n", 2, 38, "one matcher"),
            ("file: {}\n", 1, 1, "the spec checks nothing"),
        ])
    func badSpecs(_ text: String, _ line: Int, _ column: Int, _ message: String) throws {
        let small = try repository(spec: "spec: bad.yaml\n")
        try small.git.commit(files: ["bad.yaml": text], "A bad spec")
        let committed = try small.bake("build")
        #expect(committed.status == 2 && committed.output.isEmpty, "\(committed)")
        let place = "bad.yaml:\(line):\(column): "
        #expect(committed.errors.contains(place) && committed.errors.contains(message), "\(committed.errors)")
        // In the pipeline file, whose line 19 is `spec:`; flow style stays where it is but for the indentation.
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        let indented = text.split(separator: "\n").map { "  \($0)\n" }.joined()
        try small.git.commit(
            files: ["bake.yaml": pipeline.replacingOccurrences(of: "spec: bad.yaml\n", with: "spec:\n\(indented)")],
            "Bad checks in the pipeline file")
        let inline = try small.bake("build")
        let first = indented.isEmpty ? 0 : pipeline.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        #expect(inline.status == 2, "\(inline)")
        #expect(inline.errors.contains("bake.yaml:\(first + line):\(column + 2): "), "\(inline.errors)")
    }

    @Test("a template that cannot be filled in: the place, the word, exit 2")
    func badTemplates() throws {
        let small = try SmallRepository()
        #expect(try small.bake("build", "-q").line == "small@1")
        for (text, place, words) in [
            ("file:\n  {{ .Vars.path }}: { exists: true }\n", "t.yaml:2:6: ", "\"path\""),
            ("file:\n  /x: { exists: {{ if }} }\n", "t.yaml:2:17: ", "missing"),
            ("file:\n  /x: { exists: {{ nope 1 }} }\n", "t.yaml:2:20: ", "nope"),
            ("{{ if false }}file: {}{{ end }}\n", "t.yaml:1:", "nothing"),
        ] {
            try small.git.write("t.yaml", text)
            let screen = try small.bake("test", "small", "t.yaml", "--vars-inline", "other: 1")
            #expect(screen.status == 2 && screen.errors.contains(place), "\(text): \(screen)")
            #expect(screen.errors.contains(words), "\(screen.errors)")
        }
        try small.git.write("vars.yaml", "a: [\n")
        let broken = try small.bake("test", "small", "goss.yaml", "--vars", "vars.yaml")
        #expect(broken.status == 2 && broken.errors.contains("vars.yaml:"), "\(broken)")
    }

    @Test("images of a store side by side: the verdict names them, and what a slot holds is asked anew")
    func sideBySide() throws {
        let small = try SmallRepository()
        // What passes goes to staging by itself.
        #expect(try small.bake("init").status == 0)
        #expect(try small.bake("env", "apply", "environments.yaml").status == 0)
        #expect(try small.bake("build", "-q").line == "small@1")
        #expect(try small.bake("promote", "small@1", "production").status == 0)
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        let together = """
            spec:
              - boot:
                  old: { image: "small:production", ports: [8080] }
                  new:
                    after: old
                    spec: { http: { "http://old:8080/page.txt": { status: 200, body: [HELLO] } } }

            """
        try small.git.commit(
            files: ["bake.yaml": pipeline.replacingOccurrences(of: "spec: goss.yaml\n", with: together)], "Together")
        #expect(try small.bake("build", "-q").line == "small@2")
        let image = try small.bake("show", "small@1", "--json").json()["image"]?.string
        let test = try small.bake("test", "small@2", "--json")
        #expect(test.status == 0 && test.errors.contains("booted small:production, \(image ?? "")"), "\(test)")
        #expect(try test.json()["images"]?["small:production"]?.string == image)
        // The same commit, and another image in the slot: the spec is asked again, and fails.
        try small.commitPage("bye")
        #expect(try small.bake("build", "-q").line == "small@3")
        #expect(try small.bake("promote", "small@3", "production").status == 0)
        let now = try small.bake("test", "small@2")
        #expect(now.status == 1 && now.errors.contains("failed   http http://old:8080/page.txt in new body"), "\(now)")
        let missing = try small.bake("build", "--set", "x=y")
        #expect(missing.status == 2)
        try small.git.write("absent.yaml", "boot: { a: { image: small@99 } }\n")
        let absent = try small.bake("test", "small", "absent.yaml")
        #expect(absent.status == 4 && absent.errors.contains("small@99"), "\(absent)")
    }

    @Test("a mistake in a list of specs is told with its place, all at once")
    func mistakes() throws {
        let small = try repository(
            spec:
                "spec:\n  - goss.yml\n  - { in: bse, run: \"true\" }\n  - { in: base }\n  - { in: base, ran: x }\n  - 7\n"
        )
        let screen = try small.bake("build")
        #expect(screen.status == 2)
        for words in [
            "bake.yaml:21:11: there is no stage \"bse\"", "the check has no \"run\"", "has no key \"ran\"", "not \"7\"",
        ] {
            #expect(screen.errors.contains(words), "\(words) in \(screen.errors)")
        }
    }

    @Test("a later test is an entry bound to the image's digest; a dry run is none")
    func record() throws {
        let small = try SmallRepository()
        _ = try small.bake("build")
        #expect(try small.bake("test", "small@1").status == 0)
        try small.git.write("wrong.yaml", "file:\n  /srv/page.txt: { exists: true, mode: \"0600\" }\n")
        let dry = try small.bake("test", "small@1", "wrong.yaml", "--dry-run")
        #expect(dry.status == 1 && dry.line == "1 passed 1 failed")
        let failed = try small.bake("test", "small@1", "wrong.yaml", "--json")
        #expect(failed.status == 1)
        let tests = try entries(small, kind: "test")
        #expect(tests.map { $0["body"]?["verdict"]?["failed"]?.number } == [0, 1])
        let document = try failed.json()
        let image = try small.bake("show", "small@1", "--json").json()["image"]?.string
        #expect(image != nil && tests.allSatisfy { $0["body"]?["image"]?.string == image })
        #expect(document["image"]?.string == image && document["runs"]?.number == 1)
        #expect(document["tool"]?["bake"]?.string != nil && document["start"]?.string != nil)
        #expect(
            document["spec"] == tests[1]["body"]?["spec"] && document["entry"]?.number == tests[1]["seq"]?.number)
        // The verdict's document is a blob under the digest that the entry names.
        let hex = try #require(tests[1]["body"]?["verdict"]?["digest"]?.string).dropFirst("sha256:".count)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(small.store)/blobs/sha256/\(hex)"))
        #expect(try JSON(parsing: Array(bytes))["checks"] == document["checks"])
    }

    @Test("a check that changes its verdict is flaky, and never a pass")
    func flaky() throws {
        let small = try SmallRepository()
        _ = try small.bake("build")
        // Nothing that a command writes outlives it, so chance decides: 1 of 2 each time.
        try small.git.write(
            "flaky.yaml",
            "command:\n  'case $(cat /proc/sys/kernel/random/uuid) in [0-7]*) exit 0;; *) exit 1;; esac': { exit-status: 0 }\n"
        )
        let screen = try small.bake("test", "small", "flaky.yaml", "--repeat", "20")
        #expect(screen.status == 1 && screen.line.hasPrefix("0 passed 1 failed"), "\(screen)")
        #expect(screen.errors.contains("flaky    command"), "\(screen.errors)")
    }

    @Test("a directory that is a root, and this machine")
    func roots() throws {
        let place = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: "\(place.path)/root", withIntermediateDirectories: false)
        try SmallRoot.write(to: "\(place.path)/root.tar.gz")
        try ForeignTool.run("tar", ["-C", "\(place.path)/root", "-xzf", "\(place.path)/root.tar.gz"])
        try write(
            "\(place.path)/root.yaml",
            "file: { /bin/busybox: { exists: true } }\ncommand: { \"touch /etc/new && ls /etc\": { exit-status: 0, stdout: [new, passwd] } }\n"
        )
        try write(
            "\(place.path)/machine.yaml",
            "file: { \(place.path)/root.yaml: { exists: true } }\nprocess: { no-such: { running: false } }\ncommand: { \"sleep 60; true\": { exit-status: 0, timeout: 300 } }\n"
        )
        let root = try bake(["test", "--root", "root", "root.yaml"], in: place.path)
        #expect(root.status == 0 && root.line == "3 passed 0 failed", "\(root)")
        #expect(!FileManager.default.fileExists(atPath: "\(place.path)/root/etc/new"))
        let start = ContinuousClock.now
        let machine = try bake(["test", "--root", "/", "machine.yaml"], in: place.path)
        #expect(machine.status == 1 && machine.line == "2 passed 1 failed", "\(machine)")
        #expect(machine.errors.contains("it did not end within 300 ms"), "\(machine.errors)")
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(try bake(["test", "--root", "nowhere", "root.yaml"], in: place.path).status != 0)
        #expect(try bake(["test", "--root", "root"], in: place.path).status == 2)
        #expect(try bake(["test", "--root", "root", "nope.yaml"], in: place.path).status == 4)
    }

    @Test(
        "a Serverspec suite as it is, whatever backend it asks for",
        .enabled(if: ForeignTool.isInstalled("rspec") && ForeignTool.isInstalled("ruby")))
    func serverspec() throws {
        let small = try SmallRepository()
        _ = try small.bake("build")
        try small.git.write(
            "spec/spec_helper.rb",
            "require 'serverspec'\nset :backend, :ssh\nset :host, 'web1'\nset :os, family: 'debian'\n")
        try small.git.write(
            "spec/web1/page_spec.rb",
            """
            require 'spec_helper'
            describe file('/srv/page.txt') do
              it { should be_mode 644 }
              its(:content) { should match /HELLO/ }
            end
            describe command("cat /srv/page.txt; printf 'no end'; echo odd >&2; exit 3") do
              its(:stdout) { should eq "HELLO\\nno end" }
              its(:stderr) { should eq "odd\\n" }
              its(:exit_status) { should eq 3 }
            end
            describe command('ls /proc/1/root/srv; hostname') do
              its(:stdout) { should match /bake/ }
            end
            describe 'the page' do
              it('is wrong') { expect(command('cat /srv/page.txt').stdout).to match(/BYE/) }
              xit('is later') { }
            end

            """)
        let screen = try small.bake("test", "small@1", "--serverspec", "spec", "-v")
        #expect(screen.status == 1 && screen.line.hasPrefix("6 passed 1 failed 1 skipped"), "\(screen)")
        #expect(screen.errors.contains("failed   serverspec the page is wrong"), "\(screen.errors)")
        #expect(try entries(small, kind: "test").map { $0["body"]?["name"]?.string } == ["spec"])
        try small.git.write("spec/web1/page_spec.rb", "require 'nowhere'\n")
        let broken = try small.bake("test", "small@1", "--serverspec", "spec")
        #expect(broken.status == 2 && broken.errors.contains("cannot load such file -- nowhere"), "\(broken)")
        #expect(try small.bake("test", "small@1", "--serverspec", "src").status == 2)
    }

    @Test(
        "Serverspec asks as root beside the image's process, which runs as the image's user, and must not fail",
        .enabled(if: ForeignTool.isInstalled("rspec") && ForeignTool.isInstalled("ruby")))
    func serverspecBesideTheProcess() throws {
        let small = try SmallRepository()
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
            .replacingOccurrences(of: "spec: goss.yaml\n", with: "")
        let server = "cmd: [httpd, -f, -p, \"8080\", -h, /srv]"
        try small.git.commit(
            files: [
                "bake.yaml": pipeline.replacingOccurrences(of: server, with: "user: \"33\", workdir: /srv, \(server)")
            ],
            "As somebody else")
        #expect(try small.bake("build", "-q").line == "small@1")
        try small.git.write(
            "spec/a_spec.rb",
            """
            require 'serverspec'
            set :backend, :docker
            set :os, family: 'debian'
            describe command('id -u; pwd; stat -c %u /proc/1; cat /proc/1/comm') do
              its(:stdout) { should eq "0\\n/srv\\n33\\nhttpd\\n" }
            end
            describe command('busybox wget -qO - http://127.0.0.1:8080/page.txt') do
              its(:stdout) { should eq "HELLO\\n" }
            end

            """)
        let well = try small.bake("test", "small@1", "--serverspec", "spec")
        #expect(well.status == 0 && well.line.hasPrefix("2 passed 0 failed"), "\(well)")
        try small.git.commit(
            files: [
                "bake.yaml": pipeline.replacingOccurrences(
                    of: server, with: "cmd: [sh, -c, \"echo no config; exit 3\"]")
            ], "Broken")
        #expect(try small.bake("build", "-q").line == "small@2")
        // What its commands leave running lives on, where no process of the image's runs.
        try small.git.write(
            "spec/a_spec.rb",
            """
            require 'serverspec'
            set :backend, :exec
            set :os, family: 'debian'
            describe(command('httpd -p 8080 -h /srv')) { its(:exit_status) { should eq 0 } }
            describe(port(8080)) { it { should be_listening } }

            """)
        let failed = try small.bake("test", "small@2", "--serverspec", "spec", "--repeat", "2")
        #expect(failed.status == 1 && failed.line.hasPrefix("2 passed 1 failed"), "\(failed)")
        #expect(failed.errors.contains("failed   image process started"), "\(failed)")
        #expect(failed.errors.contains("found it ended with exit status 3"), "\(failed)")
        #expect(failed.errors.contains("no config"), "\(failed)")
        // A daemon that leaves its parent would end with it in a container.
        let daemon = pipeline.replacingOccurrences(of: "httpd, -f,", with: "httpd,")
        try small.git.commit(files: ["bake.yaml": daemon], "A daemon")
        #expect(try small.bake("build", "-q").line == "small@3")
        let gone = try small.bake("test", "small@3", "--serverspec", "spec")
        #expect(gone.status == 1 && gone.errors.contains("found it has ended with exit status 0"), "\(gone)")
    }

    @Test(
        "beside Serverspec the image's process is process 1, too: an init starts, a daemon takes its children along",
        .enabled(if: ForeignTool.isInstalled("rspec") && ForeignTool.isInstalled("ruby")))
    func serverspecBesideTheFirstProcess() throws {
        let small = try SmallRepository()
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
            .replacingOccurrences(of: "spec: goss.yaml\n", with: "")
            .replacingOccurrences(
                of: "/srv/: ", with: "/etc/inittab: { from: inittab }\n      /srv/: ")
        let config = "cmd: [httpd, -f, -p, \"8080\", -h, /srv], ports: [8080]"
        func test(_ command: String, sleeping seconds: Int = 0) throws -> Screen {
            let suite = """
                require 'serverspec'
                set :backend, :exec
                set :os, family: 'debian'
                describe(port(8080)) { it { should be_listening } }
                describe('later') { it('is there') { sleep \(seconds); expect(file('/srv/page.txt')).to be_file } }

                """
            try small.git.commit(
                files: [
                    "bake.yaml": pipeline.replacingOccurrences(of: config, with: command),
                    "inittab": "::respawn:/bin/httpd -f -p 8080 -h /srv\n", "spec/a_spec.rb": suite,
                ], command)
            let built = try small.bake("build", "-q")
            #expect(built.status == 0, "\(built)")
            return try small.bake("test", built.line, "--serverspec", "spec")
        }
        let started = try test("cmd: [busybox, init], ports: [8080]")
        #expect(started.status == 0 && started.line.hasPrefix("2 passed 0 failed"), "\(started)")
        let daemon = try test("cmd: [httpd, -p, \"8080\", -h, /srv]")
        #expect(daemon.status == 1 && daemon.line.hasPrefix("1 passed 1 failed"), "\(daemon)")
        #expect(daemon.errors.contains("expected to be listening"), "\(daemon)")
        let gone = try test("cmd: [sh, -c, \"httpd -f -p 8080 -h /srv & sleep 5\"]", sleeping: 6)
        #expect(gone.status == 1 && gone.line.hasPrefix("2 passed 1 failed"), "\(gone)")
        #expect(
            gone.errors.contains("expected it runs, as what was found running needs   found it has ended with exit"),
            "\(gone)")
        let deaf = try test("cmd: [sleep, \"60\"], ports: [8081]")
        #expect(deaf.status == 1 && deaf.errors.contains("it listens on a port that the image declares"), "\(deaf)")
    }

    @Test(
        "an image without a shell, which Serverspec needs: exit 2, what to do, and no entry",
        .enabled(if: ForeignTool.isInstalled("rspec") && ForeignTool.isInstalled("ruby")))
    func serverspecWithoutShell() throws {
        let small = try SmallRepository()
        try small.git.commit(
            files: ["bake.yaml": "name: bare\nstages: { a: { from: scratch, add: { /srv/: src/ } } }\nimage: a\n"],
            "No shell")
        #expect(try small.bake("build", "-q").line == "bare@1")
        try small.git.write(
            "spec/a_spec.rb",
            "require 'serverspec'\nset :backend, :exec\ndescribe(file('/srv')) { it { should be_directory } }\n")
        let screen = try small.bake("test", "bare", "--serverspec", "spec", "--junit", "r.xml")
        #expect(screen.status == 2 && screen.output.isEmpty, "\(screen)")
        #expect(screen.errors.contains("it asks through the image's /bin/sh: No such file or directory"), "\(screen)")
        #expect(screen.errors.contains("bake test IMAGE goss.yaml"), "\(screen)")
        #expect(try String(contentsOfFile: "\(small.git.path)/r.xml", encoding: .utf8).contains("<error "))
        #expect(try entries(small, kind: "test").isEmpty)
    }

    @Test("reports of a test that could not begin say why, and are not those of the run before")
    func reportsOfBadSpecs() throws {
        let small = try SmallRepository()
        _ = try small.bake("build")
        let reports = ["--junit", "r.xml", "--html", "r.html"]
        #expect(try small.bake(["test", "small"] + reports).status == 0)
        try small.git.write("bad.yaml", "file: { /x: { exist: true } }\n")
        #expect(try small.bake(["test", "small", "bad.yaml"] + reports).status == 2)
        for name in ["r.xml", "r.html"] {
            let text = try String(contentsOfFile: "\(small.git.path)/\(name)", encoding: .utf8)
            #expect(text.contains("bad.yaml:1:15: a file has no key &quot;exist&quot;"), "\(text)")
            #expect(!text.contains("/srv/page.txt"), "\(text)")
        }
        try ForeignTool.run("xmllint", ["--noout", "\(small.git.path)/r.xml"])
    }

    @Test("the report of a test without its spec names the spec")
    func reportsOfMissingSpecs() throws {
        let small = try SmallRepository()
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(
            files: ["bake.yaml": pipeline.replacingOccurrences(of: "spec: goss.yaml\n", with: "")], "Untested")
        #expect(try small.bake("build", "-q").line == "small@1")
        let report = "\(small.git.path)/r.xml"
        #expect(try small.bake("test", "small", "--junit", "r.xml").status == 2)
        #expect(try String(contentsOfFile: report, encoding: .utf8).contains("test small@1: no spec was kept with it"))
        #expect(try small.bake("test", "small", "none.yaml", "--junit", "r.xml").status == 4)
        #expect(try String(contentsOfFile: report, encoding: .utf8).contains("the spec none.yaml: there is no such"))
    }

    @Test("commands alone start nothing, which is said with what would")
    func nothingStarted() throws {
        let small = try SmallRepository()
        _ = try small.bake("build")
        let note = "the image's process was not started: nothing asks for it"
        try small.git.write("alone.yaml", "command: { hello: { exit-status: 0 } }\n")
        try small.git.write("beside.yaml", "process: { httpd: { running: true } }\n")
        try small.git.write("files.yaml", "file: { /srv: { exists: true } }\n")
        #expect(try small.bake("test", "small", "alone.yaml").errors.contains(note))
        #expect(try small.bake("test", "small", "alone.yaml", "-q").errors == "")
        for names in [["alone.yaml", "beside.yaml"], ["files.yaml"], []] {
            #expect(try !small.bake(["test", "small"] + names).errors.contains(note))
        }
    }

    @Test("reports for other readers")
    func formats() throws {
        let small = try SmallRepository()
        _ = try small.bake("build")
        // As Nagios reads it: 1 would be a warning.
        try small.git.write("bad.yaml", "file: { /nowhere: { exists: true } }\n")
        let nagios = try small.bake("test", "small", "bad.yaml", "--dry-run", "--format", "nagios")
        #expect(nagios.status == 2 && nagios.output.hasPrefix("GOSS CRITICAL - Count: 1, Failed: 1"), "\(nagios)")
        #expect(try small.bake("test", "small", "--format", "nagios").status == 0)
        // A plugin that says nothing is "(No output returned from plugin)"; 3 is UNKNOWN.
        try small.git.write("worse.yaml", "file: { /nowhere: { exist: true, moode: x } }\n")
        for (words, reason) in [
            (["small", "worse.yaml"], "worse.yaml:1:21: a file has no key \"exist\" (and 1 more)\n"),
            (["small", "absent.yaml"], "cannot read the spec absent.yaml: there is no such file"),
            (["smalll"], "cannot find smalll: no pipeline and no environment is called so"),
            (["small", "--html", "nowhere/r.html"], "cannot understand --html "),
        ] {
            let unknown = try small.bake(["test"] + words + ["--dry-run", "--format", "nagios"])
            #expect(unknown.status == 3 && unknown.output.hasPrefix("GOSS UNKNOWN - \(reason)"), "\(unknown)")
            #expect(unknown.output.split(separator: "\n").count == 1 && !unknown.errors.isEmpty, "\(unknown)")
        }
        #expect(try small.bake("test", "small", "bad.yaml", "--dry-run", "--format", "tap").status == 1)
        let tap = try small.bake("test", "small", "--format", "tap", "--html", "r.html", "--junit", "r.xml")
        #expect(tap.status == 0 && tap.output.hasPrefix("1..13\nok 1 - File: /srv/page.txt: exists: "), "\(tap)")
        for name in ["r.html", "r.xml"] { #expect(FileManager.default.fileExists(atPath: "\(small.git.path)/\(name)")) }
        #expect(try small.bake("test", "small", "--format", "taap").status == 2)
        #expect(try small.bake("test", "small", "--format", "silent").output == "")
    }

    private func write(_ path: String, _ text: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    private func bake(_ arguments: [String], in directory: String) throws -> Screen {
        let run = try CompletedProcess.run(
            BuiltBake.program.path, arguments, environment: ["PATH=/usr/bin:/bin", "HOME=\(directory)"],
            directory: directory, deadline: 120)
        return Screen(arguments: arguments, run)
    }
}
