import BakeModel
import Testing

@testable import BakePipeline

/// Each fault as the person reads it. Lines and columns were counted by hand, from 1.
@Suite struct PipelineFaultTests {
    @Test("all faults at once, in the order of the file, each with its place, its line and what to write")
    func transcript() {
        let report = report(
            """
            name: Web
            stages:
              os:
                debain: bookworm
                packages: [nginx-light]
              site:
                from: oss
                add:
                  src/index.html: /srv/www/
                  /etc/motd: { from: motd, mode: 644, owner: www data }
                config: { ports: [80800] }
            image: ap
            specs: goss.yaml
            """)
        #expect(
            report == """
                bake.yaml:1:7: "Web" is no name
                  name: Web
                        ^
                  a name is a lower-case letter, then lower-case letters, digits and hyphens, at most 63; failed, host, sha256 and scratch are reserved
                bake.yaml:3:3: the stage os starts from nothing
                    os:
                    ^
                  give it one of: from: STAGE, from: scratch, debian: SUITE, import: PATH
                bake.yaml:4:5: the stage os has no key "debain"
                      debain: bookworm
                      ^
                  did you mean "debian"?
                bake.yaml:7:11: there is no stage "oss"
                      from: oss
                            ^
                  did you mean "os"?
                bake.yaml:9:7: the destination "src/index.html" is no absolute path of the image
                        src/index.html: /srv/www/
                        ^
                  destination first: /srv/www/: src/index.html
                bake.yaml:10:38: mode is four octal digits, not 644
                        /etc/motd: { from: motd, mode: 644, owner: www data }
                                                       ^
                  write mode: "0644"
                bake.yaml:10:50: owner is USER or USER:GROUP, by name or number, not "www data"
                        /etc/motd: { from: motd, mode: 644, owner: www data }
                                                                   ^
                  write owner: app, or owner: "33:33"
                bake.yaml:11:23: "80800" is no port
                      config: { ports: [80800] }
                                        ^
                  a port is a number up to 65535, with /udp where it is not TCP
                bake.yaml:12:8: there is no stage "ap"
                  image: ap
                         ^
                  the stages are os, site
                bake.yaml:13:1: a pipeline has no key "specs"
                  specs: goss.yaml
                  ^
                  did you mean "spec"?
                """)
    }

    @Test(
        "one stage with one fault",
        arguments: [
            ("{}", "4:3: the stage a starts from nothing"),
            ("{ from: b, debian: bookworm }", "4:17: the stage a has \"from\" already; it starts from one root"),
            ("{ from: base:production~1 }", "4:14: \"base:production~1\" names no image of a pipeline"),
            ("{ from: base@017 }", "4:14: \"base@017\" names no image of a pipeline"),
            ("{ from: b, users: [x] }", "4:24: users is a map, not a list"),
            ("{ from: b, users: { Joe: {} } }", "4:26: \"Joe\" is no name for a user"),
            ("{ from: b, users: { joe: { uid: 0 } } }", "4:38: uid is a number from 1 to 65533, not 0"),
            ("{ from: b, users: { joe: { home: x } } }", "4:39: home is an absolute path without a colon, not \"x\""),
            ("{ from: b, files: { etc/x: y } }", "4:26: \"etc/x\" is no absolute path of a file in the image"),
            ("{ from: b, files: { /x: { mode: '0644' } } }", "4:30: the file has no \"content\""),
            ("{ from: b, remove: usr }", "4:25: \"usr\" is no absolute path of the image"),
            ("{ from: b, remove: [/] }", "4:26: remove would take the whole root"),
            ("{ from: b, fetch: curl }", "4:17: fetch has no \"output\", whose digest the lock could pin"),
            ("{ from: b, fetch: curl, run: x, output: y }", "4:30: the stage has \"fetch\" already"),
            ("{ from: b, run: { env: {} } }", "4:22: run has no \"command\""),
            ("{ from: b, run: x, args: { 1a: x } }", "4:33: \"1a\" is no name for an argument"),
            ("{ from: b, run: x, args: { A: } }", "4:33: the argument A has no value for when nobody sets it"),
            ("{ from: b, run: x, secrets: [a-b] }", "4:35: \"a-b\" is no name for a secret"),
            ("{ from: b, secrets: [A] }", "4:17: \"secrets\" without \"run\""),
            ("{ from: [b] }", "4:14: from is text, not a list"),
            ("{ from: }", "4:8: from is text, not nothing"),
            ("{ debian: 12 }", "4:16: \"12\" is no Debian suite"),
            ("{ from: scratch, packages: [vim] }", "4:23: packages on an empty root"),
            ("{ debian: bookworm, packages: nginx }", "4:36: packages is a list, not \"nginx\""),
            ("{ debian: bookworm, packages: [nginx=1.2] }", "4:37: \"nginx=1.2\" is no name of a Debian package"),
            ("{ debian: bookworm, packages: [vim, vim] }", "4:42: the package vim stands twice"),
            ("{ debian: bookworm, packages: [app.deb] }", "4:37: \"app.deb\" is no path of the commit"),
            ("{ debian: bookworm, packages: [/srv/app.deb] }", "4:37: \"/srv/app.deb\" is no path of the commit"),
            ("{ debian: bookworm, packages: [./app] }", "4:37: \"./app\" is no .deb file"),
            (
                "{ debian: bookworm, packages: [./a/../../app.deb] }",
                "4:37: the path \"./a/../../app.deb\" leads out by \"..\""
            ),
            (
                "{ debian: bookworm, packages: [./app.deb, app/../app.deb] }",
                "4:48: the path \"app/../app.deb\" leads out by \"..\""
            ),
            ("{ debian: bookworm, packages: [./app.deb, .//app.deb] }", "4:48: the package .//app.deb stands twice"),
            (
                "{ debian: bookworm, packages: [\"b:app.deb\"] }",
                "4:37: \"b:app.deb\" is made by a stage: what it needs is not known when the lock is written"
            ),
            ("{ debian: { components: [main] } }", "4:16: debian has no \"suite\""),
            ("{ debian: { suite: Bookworm } }", "4:25: \"Bookworm\" is no Debian suite"),
            ("{ debian: { suite: bookworm, components: [] } }", "4:47: components is empty"),
            ("{ debian: { suite: bookworm, components: [a b] } }", "4:48: \"a b\" is no component of an archive"),
            ("{ debian: { suite: bookworm, mirror: ftp://x } }", "4:43: \"ftp://x\" is no address of an archive"),
            (
                "{ debian: { suite: bookworm, keyring: k.gpg } }",
                "4:44: a keyring says who signs a mirror, and none is named"
            ),
            ("{ debian: { suite: bookworm, miror: x } }", "4:35: debian has no key \"miror\""),
            ("{ import: docker-daemon:x }", "4:16: to import from docker-daemon: is not in this version"),
            ("{ import: 'docker-archive:' }", "4:16: import names no file"),
            (
                "{ import: docker://Debian }",
                "4:16: \"docker://Debian\" names no image in a registry: \"Debian\" is no repository's name: lower-case letters, digits, and . _ - between them"
            ),
            ("{ import: 'https://x/y.tar' }", "4:16: an import comes from a file or a registry, not from an address"),
            ("{ import: ../x.tar }", "4:16: the path \"../x.tar\" leads out by \"..\""),
            ("{ import: 'oci:x:' }", "4:16: the reference after the colon is empty"),
            ("{ from: b, output: dist/ }", "4:17: \"output\" without \"run\""),
            (
                "{ from: b, run: [make all, make dist] }",
                "4:22: run as a list is one program and its arguments, and no program is called \"make all\""
            ),
            ("{ from: b, run: [] }", "4:22: run is empty"),
            ("{ from: b, run: ' ' }", "4:22: run is empty"),
            (
                "{ from: b, run: x, output: \(RunStep.directory)/dist }",
                "4:33: output is a path below /work, where run works, not \"\(RunStep.directory)/dist\""
            ),
            ("{ from: b, run: x, output: 'd/*' }", "4:33: output is a path, not the pattern \"d/*\""),
            (
                "{ from: b, run: x, inputs: [/etc/passwd] }",
                "4:34: \"/etc/passwd\" is absolute; a source is a path of the checkout, or STAGE:path"
            ),
            ("{ from: b, add: [x] }", "4:22: add is a map from destinations to sources, not a list"),
            ("{ from: b, add: { /x: b:dist } }", "4:28: the stage b has no output"),
            ("{ from: b, add: { /x: c:build } }", "4:28: the output of c does not hold build"),
            ("{ from: b, add: { /x: 'b:' } }", "4:28: the path after \"b:\" is empty"),
            ("{ from: b, add: { /x: site:y } }", "4:28: there is no stage \"site\""),
            ("{ from: b, add: { /x/../../y: y } }", "4:24: the path \"/x/../../y\" leads out by \"..\""),
            ("{ from: b, add: { /x: { mode: '0644' } } }", "4:28: the source has no \"from\""),
            ("{ from: b, add: { /x: { from: y, exclude: z } } }", "4:39: \"exclude\" is not in this version"),
            ("{ from: b, config: { comand: x } }", "4:27: config has no key \"comand\""),
            ("{ from: b, config: { env: [A] } }", "4:33: \"A\" has no value"),
            ("{ from: b, config: { stop-signal: TERM } }", "4:40: \"TERM\" is no signal"),
            ("{ from: b, config: { workdir: srv } }", "4:36: workdir is an absolute path, not \"srv\""),
            ("{ from: b, add: { /x: *.c } }", "4:28: an unquoted * begins an alias, which is not in this version"),
            ("{ from: b, add: { /x: *c } }", "4:28: aliases are not in this version: *c"),
            ("{ from: &b b }", "4:14: anchors are not in this version: &b"),
            ("{ from: b, <<: {} }", "4:17: merge keys are not in this version"),
            ("{ from: b, from: b }", "4:17: the key \"from\" stands twice, first in line 4"),
        ])
    func fault(stage: String, expected: String) {
        let text = """
            name: web
            image: b
            stages:
              a: \(stage)
              b: { from: scratch }
              c: { from: scratch, run: make, output: dist/ }
            """
        #expect(firstLines(text) == ["bake.yaml:\(expected)"])
    }

    @Test("a cycle is shown along its way, each knot once")
    func cycles() {
        let text = """
            name: web
            image: os
            stages:
              os: { from: scratch }
              a: { from: b }
              b: { from: os, add: { /x: "c:/x" } }
              c: { from: os, run: make, inputs: ["a:/x"] }
              d: { from: d }
              e: { from: a }
            """
        #expect(
            firstLines(text) == [
                "bake.yaml:5:3: stages need each other: a → b → c → a",
                "bake.yaml:8:3: stages need each other: d → d",
            ])
    }

    @Test("ten thousand stages are taken, one more is not; ten thousand packages and sources take no time")
    func limits() {
        func chain(_ count: Int) -> String {
            let stages = (1..<count).map { "  s\($0): { from: s\($0 - 1) }\n" }
            return "name: web\nimage: s0\nstages:\n  s0: { from: scratch }\n" + stages.joined()
        }
        #expect(firstLines(chain(10_000)) == [])
        #expect(firstLines(chain(10_001)) == ["bake.yaml:10004:3: more than 10000 stages"])
        let packages = (0..<10_000).map { "p\($0)" }.joined(separator: ", ")
        let sources = (0..<10_000).map { "'s0:/p\($0)'" }.joined(separator: ", ")
        let large = "name: web\nimage: a\nstages:\n  a: { debian: sid, packages: [\(packages)] }\n"
        #expect(firstLines("\(large)  s0: { from: scratch }\n  b: { from: a, add: { /x/: [\(sources)] } }\n") == [])
    }

    @Test("what a pipeline must have")
    func missing() {
        #expect(firstLines("") == ["bake.yaml:1:1: the file says nothing"])
        #expect(firstLines("# empty\n") == ["bake.yaml:1:1: the file says nothing"])
        #expect(firstLines("- a") == ["bake.yaml:1:1: a pipeline is a map, not a list"])
        #expect(
            firstLines("{}") == [
                "bake.yaml:1:1: the pipeline has no \"name\"", "bake.yaml:1:1: the pipeline has no \"stages\"",
                "bake.yaml:1:1: the pipeline has no \"image\"",
            ])
    }

    private func firstLines(_ text: String) -> [String] {
        report(text).split(separator: "\n").map(String.init).filter { $0.hasPrefix("bake.yaml:") }
    }

    private func report(_ text: String) -> String {
        do {
            _ = try PipelineFile.read(Array(text.utf8), at: TreePath(cleaning: "bake.yaml"))
            return "no fault"
        } catch let faults as SourceFaults {
            return faults.report
        } catch {
            return "\(error)"
        }
    }
}
