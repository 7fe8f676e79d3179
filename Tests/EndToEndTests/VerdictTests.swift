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
        let kept = try small.bake("test", "small")
        #expect(kept.status == 0 && kept.line.hasPrefix("18 passed 0 failed 2 skipped"), "\(kept)")
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

    @Test("reports for other readers")
    func formats() throws {
        let small = try SmallRepository()
        _ = try small.bake("build")
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
