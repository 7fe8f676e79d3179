import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// Every case is judged twice: by bake, and by the real container-structure-test, given the same image as a
/// docker-archive. Its tar driver runs no commands and does not know owners; those cases follow its documentation.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/bin/busybox")))
struct StructureSuiteTests {
    private static let tool = URL(filePath: #filePath)
        .appending(path: "../../../../.venv/bin/container-structure-test").standardized.path
    private static let head = "schemaVersion: 2.0.0\n"
    static let hasTool =
        FileManager.default.isExecutableFile(atPath: tool)
        && FileManager.default.isExecutableFile(atPath: "/usr/bin/skopeo")

    /// The image, packed and unpacked once for all cases: none of them changes it.
    private final class PackedImage: Sendable {
        let directory: TemporaryDirectory
        let store: BlobStore
        let layer: Layer
        let unpacked: String

        init() throws {
            directory = try TemporaryDirectory()
            store = try BlobStore.create(at: "\(directory.path)/store")
            var image = try TestImage.busybox()
            image.add("etc/web.conf", "listen 8080\nroot /srv\n")
            image.addLink("etc/link", to: "web.conf")
            image.addLink("elsewhere", to: "/srv")
            image.add("srv/latin", Data([0x4e, 0xe9, 0x65, 0xe2, 0x82, 0x78]), mode: 0o644)
            image.add("srv/LICENSE", "GNU Agpl, version 3\n")
            image.add("usr/share/doc/hello/copyright", "Apache License\n")
            image.add("usr/share/doc/libgnutls30/copyright", "not the AGPL\n")
            image.add("usr/share/doc/README", "WTFPL\n")
            image.addLink("above", to: "../../../../../../../..")
            image.addDirectory("data")
            image.addDirectory("tmp", mode: 0o1777)
            layer = try image.pack(into: store)
            unpacked = "\(directory.path)/root"
            try FileManager.default.createDirectory(atPath: unpacked, withIntermediateDirectories: false)
            let done = try CompletedProcess.run(
                "/bin/tar", ["-C", unpacked, "-xzf", "\(store.path)/blobs/sha256/\(layer.blob.hex)"],
                environment: ["PATH=/usr/bin:/bin"])
            #expect(done.ending.succeeded, "\(done.lastErrors)")
        }
    }

    private static let packed = Result { try PackedImage() }
    private let image: PackedImage
    private let configuration = ImageConfiguration(
        entrypoint: ["/bin/sh", "-c"], command: ["httpd", "-f"],
        environment: ["PATH=/bin", "GREETING=hello world", "EMPTY="], ports: ["8080/tcp", "53/udp"],
        user: "web", workingDirectory: "/srv", labels: ["version": "1.2.3", "empty": ""], volumes: ["/data"])

    init() throws { image = try Self.packed.get() }

    private var directory: TemporaryDirectory { image.directory }
    private var store: BlobStore { image.store }
    private var layer: Layer { image.layer }

    private func verdict(_ text: String, with context: SpecContext = SpecContext()) throws -> Verdict {
        try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: Self.head + text, name: "structure.yaml", with: context),
            on: .image(layers: [layer], configuration: configuration), deadline: 60)
    }

    static let table: [(String, Bool)] = [
        ("fileExistenceTests: [{name: a, path: /etc/web.conf}]", true),
        ("fileExistenceTests: [{name: a, path: /etc/web.conf, permissions: -rw-r--r--}]", true),
        ("fileExistenceTests: [{name: a, path: /etc/web.conf, permissions: -rw-r-----}]", false),
        ("fileExistenceTests: [{name: a, path: /etc/nope}]", false),
        ("fileExistenceTests: [{name: a, path: /etc/nope, shouldExist: false}]", true),
        ("fileExistenceTests: [{name: a, path: /etc/web.conf, shouldExist: false}]", false),
        ("fileExistenceTests: [{name: a, path: /etc/nope, shouldExist: false, permissions: -rw-------}]", true),
        ("fileExistenceTests: [{name: a, path: /etc/web.conf/x, shouldExist: false}]", true),
        ("fileExistenceTests: [{name: a, path: /etc/link, permissions: Lrwxrwxrwx}]", true),
        ("fileExistenceTests: [{name: a, path: /etc/link, permissions: -rw-r--r--}]", false),
        ("fileExistenceTests: [{name: a, path: /srv, permissions: drwxr-xr-x}]", true),
        ("fileExistenceTests: [{name: a, path: srv}]", true),
        ("fileExistenceTests: [{name: a, path: /bin/busybox, isExecutableBy: any}]", true),
        ("fileExistenceTests: [{name: a, path: /bin/busybox, isExecutableBy: other}]", true),
        ("fileExistenceTests: [{name: a, path: /etc/web.conf, isExecutableBy: owner}]", false),
        ("fileContentTests: [{name: a, path: /etc/web.conf, expectedContents: [\"listen \\\\d+\"]}]", true),
        ("fileContentTests: [{name: a, path: /etc/web.conf, expectedContents: [\"^listen 8080$\"]}]", false),
        ("fileContentTests: [{name: a, path: /etc/web.conf, expectedContents: [\"(?m)^root /srv$\"]}]", true),
        ("fileContentTests: [{name: a, path: /etc/web.conf, expectedContents: [listen, nope]}]", false),
        ("fileContentTests: [{name: a, path: /etc/web.conf, excludedContents: [nope]}]", true),
        ("fileContentTests: [{name: a, path: /etc/web.conf, excludedContents: [root]}]", false),
        ("fileContentTests: [{name: a, path: /etc/web.conf}]", true),
        ("fileContentTests: [{name: a, path: /etc/nope}]", false), ("fileContentTests: [{name: a, path: /etc}]", false),
        ("fileContentTests: [{name: a, path: /srv/latin, expectedContents: [\"^N.e..x$\", \"N[^a]e\"]}]", true),
        ("fileContentTests: [{name: a, path: /srv/latin, expectedContents: [\"^N.e.x$\"]}]", false),
        ("licenseTests: [{debian: true}]", true),
        ("licenseTests: [{debian: false, files: [/usr/share/doc/hello/copyright]}]", true),
        ("licenseTests: [{debian: true, files: [/srv/LICENSE]}]", false), ("licenseTests: [{files: [/nope]}]", false),
        ("licenseTests: [{files: [/usr/share/doc/README]}]", false), ("licenseTests: [{debian: true, files: }]", true),
        ("fileContentTests: [{name: a, path: /etc/web.conf, expectedContents: }]\ncommandTests:\nmetadataTest:", true),
        ("metadataTest: {envVars: [{key: GREETING, value: hello world}]}", true),
        ("metadataTest: {envVars: [{key: GREETING, value: hello}]}", false),
        ("metadataTest: {envVars: [{key: GREETING, value: ^hel+o, isRegex: true}]}", true),
        ("metadataTest: {envVars: [{key: EMPTY, value: \"\"}]}", true),
        ("metadataTest: {envVars: [{key: NONE, value: \"\"}]}", false),
        ("metadataTest: {unboundEnvVars: [{key: NONE}]}", true),
        ("metadataTest: {unboundEnvVars: [{key: EMPTY}]}", false),
        ("metadataTest: {labels: [{key: version, value: 1.2.3}]}", true),
        ("metadataTest: {labels: [{key: version, value: \"^1[.]\", isRegex: true}]}", true),
        ("metadataTest: {labels: [{key: version, value: \"1\"}]}", false),
        ("metadataTest: {labels: [{key: none, value: x}]}", false),
        ("metadataTest: {exposedPorts: [\"8080\", \"53\"]}", true), ("metadataTest: {exposedPorts: [\"80\"]}", false),
        ("metadataTest: {exposedPorts: [8080]}", true), ("metadataTest: {exposedPorts: [8080/tcp]}", false),
        ("metadataTest: {unexposedPorts: [\"80\"]}", true), ("metadataTest: {unexposedPorts: [\"8080\"]}", false),
        ("metadataTest: {volumes: [/data]}", true), ("metadataTest: {volumes: [/other]}", false),
        ("metadataTest: {unmountedVolumes: [/other]}", true), ("metadataTest: {unmountedVolumes: [/data]}", false),
        ("metadataTest: {entrypoint: [/bin/sh, -c]}", true), ("metadataTest: {entrypoint: [/bin/sh]}", false),
        ("metadataTest: {entrypoint: []}", false), ("metadataTest: {cmd: [httpd, -f]}", true),
        ("metadataTest: {cmd: [-f, httpd]}", false), ("metadataTest: {workdir: /srv}", true),
        ("metadataTest: {workdir: /}", false), ("metadataTest: {user: web}", true),
        ("metadataTest: {user: root}", false),
    ]

    @Test(arguments: table)
    func judgesFilesAndMetadata(text: String, passes: Bool) throws {
        let suite = StructureSuite(
            file: try StructureFile(parsing: Self.head + text, name: "structure.yaml"), configuration: configuration,
            processes: NoProcesses())
        let checks = suite.checks(in: try MountedRoot(at: image.unpacked))
        #expect(!checks.isEmpty && checks.allSatisfy { $0.outcome == .passed } == passes, "\(checks)")
    }

    /// The table says what the real one says, case by case.
    @Test(.enabled(if: hasTool))
    func theTableIsContainerStructureTests() throws {
        var options = ["test", "--driver", "tar", "--image", try archive("image.tar"), "--output", "json"]
        for (index, (text, _)) in Self.table.enumerated() {
            try directory.write("\(index).yaml", Self.head + text)
            options += ["--config", "\(directory.path)/\(index).yaml"]
        }
        let done = try CompletedProcess.run(
            Self.tool, options,
            environment: ["PATH=/usr/bin:/bin", "HOME=\(directory.path)", "TMPDIR=\(directory.path)"], deadline: 120)
        let document = try JSONSerialization.jsonObject(with: Data(done.output)) as? [String: Any]
        let results = (document?["Results"] as? [[String: Any]] ?? []).map { $0["Pass"] as? Bool }
        #expect(results.count == Self.table.count, "\(done.lastErrors)")
        for (found, (text, passes)) in zip(results, Self.table) { #expect(found == passes, "\(text)") }
    }

    /// Of the packages the real one says the same, asked with Docker: the table has one image alone.
    @Test(arguments: [
        ([:], "[no /usr/share/doc]"), (["usr/share/doc/a/copyright": "MIT"], nil),
        (["usr/share/doc/a/copyright": "the wtfpl"], "[/usr/share/doc/a/copyright: WTFPL]"),
        (["usr/share/doc/a/changelog": "1"], "[/usr/share/doc/a/copyright: No such file or directory]"),
    ])
    func looksThroughTheLicensesOfPackages(files: [String: String], expected: String?) throws {
        let place = try TemporaryDirectory()
        for (path, text) in files {
            let directory = "\(place.path)/usr/share/doc/a"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try place.write(path, text)
        }
        let run = StructureLicenseRun(
            test: StructureLicenses(asksDebian: true), root: try MountedRoot(at: place.path))
        let outcome: Verdict.Outcome =
            expected.map { .failed(expected: "a license without AGPL and WTFPL", found: $0) } ?? .passed
        #expect(run.checks().map(\.outcome) == [outcome])
    }

    /// What its documentation says of owners and commands, which need its docker driver.
    @Test(arguments: [
        ("fileExistenceTests: [{name: a, path: /etc/web.conf, uid: 0, gid: 0}]", "ppp"),
        ("fileExistenceTests: [{name: a, path: /etc/web.conf, uid: 33}]", "pf"),
        (
            "commandTests: [{name: a, command: sh, args: [-c, \"echo $GREETING; id -u; pwd\"], expectedOutput: [hello, \"33\", /srv]}]",
            "pp"
        ),
        ("commandTests: [{name: a, command: sh, args: [-c, \"exit 3\"]}]", "f"),
        (
            "commandTests: [{name: a, command: sh, args: [-c, \"echo no >&2; exit 3\"], exitCode: 3, expectedError: [no], excludedError: [yes], excludedOutput: [\".\"]}]",
            "pppp"
        ),
        (
            "commandTests: [{name: a, command: /bin/$NAME, args: [-c, \"echo $HOME_OF\"], expectedOutput: [/x/bin]}]\nglobalEnvVars: [{key: NAME, value: sh}, {key: HOME_OF, value: \"/x$PATH\"}]",
            "pp"
        ),
        (
            "commandTests: [{name: a, envVars: [{key: A, value: b}], command: sh, args: [-c, \"echo [$A]\"], expectedOutput: [\"\\\\[\\\\]\"]}]",
            "pp"
        ),
        (
            "commandTests: [{name: a, envVars: [{key: A, value: b}], command: env, expectedOutput: [A=b]}]\ncontainerRunOptions: {user: root}",
            "e"
        ),
        (
            "commandTests: [{name: a, setup: [[touch, /tmp/x], [sh, -c, \"exit 1\"]], command: test, args: [-e, /tmp/x]}]",
            "p"
        ),
        (
            "commandTests: [{name: a, setup: [[touch, /tmp/x]], command: test, args: [-e, /tmp/x]}, {name: b, command: test, args: [-e, /tmp/x], exitCode: 1}]",
            "pp"
        ),
        ("commandTests: [{name: a, command: /nope}]", "e"),
        ("commandTests: [{name: a, command: /nope, exitCode: 127}]", "e"),
        ("commandTests: [{name: a, setup: [[/nope]], command: pwd}]", "e"),
        ("commandTests: [{name: a, teardown: [[/nope]], command: sh, args: [-c, \":\"]}]", "p"),
        ("fileExistenceTests: [{name: a, path: /etc/web.conf, uid: -1, gid: -1}]", "p"),
        (
            "commandTests: [{name: a, command: id, args: [-u], expectedOutput: [\"^0\"]}]\ncontainerRunOptions: {user: root}",
            "pp"
        ),
    ])
    func runsCommands(text: String, letters: String) throws {
        let verdict = try verdict(text)
        #expect(verdict.letters == letters, "\(verdict.checks.map(\.outcome))")
    }

    /// What whoever tests lends; `LENT` is a directory of this machine with a file `in`. The real one says the same with
    /// Docker 20.10, whose engine makes what it starts as root.
    static let lendingTable: [(String, Bool)] = [
        (
            "commandTests: [{name: a, command: busybox, args: [env], expectedOutput: [GIVEN=a b]}]\ncontainerRunOptions: {envVars: [GIVEN]}",
            true
        ),
        (
            "globalEnvVars: [{key: GIVEN, value: c}]\ncommandTests: [{name: a, command: busybox, args: [env], expectedOutput: [GIVEN=a b]}]\ncontainerRunOptions: {envVars: [GIVEN]}",
            true
        ),
        (
            "commandTests: [{name: a, setup: [[sh, -c, \"busybox env > /tmp/x\"]], command: busybox, args: [cat, /tmp/x], excludedOutput: [GIVEN]}]\ncontainerRunOptions: {envVars: [GIVEN]}",
            true
        ),
        (
            "commandTests: [{name: a, command: busybox, args: [echo, $GIVEN], expectedOutput: [a b]}]\ncontainerRunOptions: {envVars: [GIVEN]}",
            false
        ),
        (
            "commandTests: [{name: a, command: busybox, args: [env], expectedOutput: [\"GIVEN=a b\", \"OTHER=of the file\"]}]\ncontainerRunOptions: {envVars: [GIVEN], envFile: LENT/env}",
            true
        ),
        (
            "commandTests: [{name: a, command: busybox, args: [env], expectedOutput: [PATH=/bin]}]\ncontainerRunOptions: {envFile: LENT/none}",
            true
        ),
        (
            "commandTests: [{name: a, command: busybox, args: [cat, /mnt/in], expectedOutput: [lent]}]\ncontainerRunOptions: {bindMounts: [\"LENT:/mnt\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: touch, args: [/mnt/made]}]\ncontainerRunOptions: {user: root, bindMounts: [\"LENT:/mnt\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: touch, args: [/mnt/more], exitCode: 1, expectedError: [Read-only]}]\ncontainerRunOptions: {user: root, bindMounts: [\"LENT:/mnt:z,ro\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: sh, args: [-c, \"busybox mount -o remount,bind,rw /mnt; touch /mnt/more\"], exitCode: 1}]\ncontainerRunOptions: {user: root, bindMounts: [\"LENT:/mnt:ro\"]}",
            true
        ),
        // Flags that its file system has may not be dropped.
        (
            "commandTests: [{name: a, command: test, args: [-d, /mnt/mm]}]\ncontainerRunOptions: {bindMounts: [\"/sys/kernel:/mnt:ro\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: busybox, args: [cat, /a/b/c], expectedOutput: [lent]}]\ncontainerRunOptions: {bindMounts: [\"LENT/in:/a/b/c\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: test, args: [-e, /srv/in]}]\ncontainerRunOptions: {bindMounts: [\"LENT:/elsewhere\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: test, args: [-e, /mnt/deep/in]}]\ncontainerRunOptions: {bindMounts: [\"LENT:/mnt/deep\", \"LENT/empty:/mnt\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: test, args: [-e, /tmp/x/in]}]\ncontainerRunOptions: {bindMounts: [\"LENT/link:/tmp/x\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: test, args: [-e, /dev/x/in]}]\ncontainerRunOptions: {bindMounts: [\"LENT:/dev/x\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: test, args: [-e, /etc/in], exitCode: 1}]\ncontainerRunOptions: {bindMounts: [\"LENT/in:/etc\"]}",
            false
        ),
        (
            "fileExistenceTests: [{name: a, path: /a/b/in, permissions: -rw-r--r--}]\ncontainerRunOptions: {bindMounts: [\"LENT:/a/b\"]}",
            true
        ),
        (
            "fileExistenceTests: [{name: a, path: /mnt/none, shouldExist: false}]\ncontainerRunOptions: {bindMounts: [\"LENT:/mnt\"]}",
            true
        ),
        (
            "fileContentTests: [{name: a, path: /srv/in, expectedContents: [lent]}]\ncontainerRunOptions: {bindMounts: [\"LENT:/elsewhere:ro\"]}",
            true
        ),
        (
            "fileContentTests: [{name: a, path: /etc/web.conf, expectedContents: [lent]}]\ncontainerRunOptions: {bindMounts: [\"LENT/in:/etc/web.conf\"]}",
            true
        ),
        (
            "commandTests: [{name: a, command: busybox, args: [ip, link, set, lo, down]}]\ncontainerRunOptions: {user: root, capabilities: [NET_ADMIN]}",
            false
        ),
    ]

    /// A directory to lend, with its path in the cases.
    private func lend(_ name: String) throws -> (cases: [(String, Bool)], path: String) {
        let path = "\(directory.path)/\(name)"
        try FileManager.default.createDirectory(atPath: "\(path)/empty/deep", withIntermediateDirectories: true)
        try directory.write("\(name)/in", "lent\n")
        try directory.write("\(name)/env", "OTHER=of the file # not this\n")
        try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: ".")
        return (Self.lendingTable.map { ($0.0.replacingOccurrences(of: "LENT", with: path), $0.1) }, path)
    }

    @Test func lendsWhatAPersonHas() throws {
        let (cases, path) = try lend("lent")
        let context = SpecContext(files: MachineSpecFiles(relativeTo: "/"), lender: ["GIVEN": "a b"])
        for (text, passes) in cases {
            let checks = try verdict(text, with: context).checks
            #expect(!checks.isEmpty && checks.allSatisfy { $0.outcome == .passed } == passes, "\(text): \(checks)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(left == ["empty", "env", "in", "link", "made"], "only what may be written, in no other place")
        let verdict = try verdict(cases[6].0, with: context)
        #expect(verdict.lent == ["\(path) at /mnt"] && Verdict(verdict.json) == verdict)
    }

    @Test(
        .enabled(if: hasTool && ProcessInfo.processInfo.environment["DOCKER_HOST"] != nil, "there is no Docker engine"))
    func theLendingTableIsContainerStructureTests() throws {
        let (cases, _) = try lend("lent-to-docker")
        let environment = [
            "PATH=/usr/bin:/bin", "HOME=\(directory.path)", "GIVEN=a b",
            "DOCKER_HOST=\(ProcessInfo.processInfo.environment["DOCKER_HOST"] ?? "")",
        ]
        let loaded = try CompletedProcess.run(
            "/usr/bin/env", ["PATH=/usr/local/bin:/usr/bin", "docker", "load", "--input", try archive("engine.tar")],
            environment: environment, deadline: 60)
        #expect(loaded.ending.succeeded, "\(loaded.lastErrors)")
        for (index, (text, passes)) in cases.enumerated() {
            try directory.write("lending\(index).yaml", Self.head + text)
            let options = ["test", "--image", "a:b", "--config", "\(directory.path)/lending\(index).yaml"]
            let done = try CompletedProcess.run(Self.tool, options, environment: environment, deadline: 60)
            #expect(done.ending.succeeded == passes, "\(text): \(done.lastErrors)")
        }
    }

    /// A link of the image leads above its root, where another `..` led into the machine's. The place is made in the image.
    @Test func aMountStaysInTheImage() throws {
        let name = "bake-lent-\(UInt64.random(in: .min ... .max))"
        let text = """
            commandTests: [{name: a, command: test, args: [-e, /\(name)/web.conf]}]
            fileExistenceTests: [{name: b, path: /\(name)/web.conf}]
            containerRunOptions: {bindMounts: ["\(image.unpacked)/etc:/above/\(name)"]}
            """
        let verdict = try verdict(text, with: SpecContext(lender: [:]))
        #expect(verdict.letters == "pp", "\(verdict.checks.map(\.outcome))")
        #expect(!FileManager.default.fileExists(atPath: "/\(name)"))
    }

    /// As `docker run --tty` has it. container-structure-test cannot read such an output: it asks for it in another form.
    @Test func aTerminalIsBothStreams() throws {
        let script =
            "test -t 0 && test -t 1 && test -t 2 && echo out; echo err >&2; busybox tty; echo x > /dev/stderr; sleep 99 &"
        let options = "expectedOutput: [\"^out\\r\\nerr\\r\\n/dev/console\\r\\nx\\r\\n$\"], excludedError: [\".\"]"
        let verdict = try verdict(
            "commandTests: [{name: a, command: sh, args: [-c, \"\(script)\"], \(options)}]\n"
                + "containerRunOptions: {allocateTty: true}")
        #expect(verdict.letters == "ppp", "\(verdict.checks.map(\.outcome))")
    }

    /// A container's runtime makes it, as root's.
    @Test func aMissingWorkingDirectoryIsMade() throws {
        let text = """
            commandTests:
              - { name: a, command: busybox, args: [stat, -c, "%n %u %g %a", "."], expectedOutput: ["^. 0 0 755"] }
              - { name: b, command: busybox, args: [pwd], expectedOutput: [^/not/there] }
            """
        let verdict = try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: Self.head + text, name: "structure.yaml"),
            on: .image(
                layers: [layer],
                configuration: ImageConfiguration(
                    environment: ["PATH=/bin"], user: "1234", workingDirectory: "/not/there")), deadline: 60)
        #expect(verdict.letters == "pppp", "\(verdict.checks.map(\.outcome))")
    }

    /// A verdict is kept for ever, and a token is nobody's to read in it; that a pattern fits it is found all the same.
    @Test func aLentValueIsNotShown() throws {
        let text = """
            commandTests:
              - { name: a, command: busybox, args: [env], expectedOutput: ["TOKEN=hunter2hunter", nope] }
              - { name: b, command: busybox, args: [env], expectedOutput: ["TOKEN=hunter2hunter"] }
            containerRunOptions: { envVars: [TOKEN, SHORT] }
            """
        let lender = ["TOKEN": "hunter2hunter", "SHORT": "short"]
        let verdict = try verdict(text, with: SpecContext(lender: lender))
        #expect(verdict.letters == "pfpp", "\(verdict.checks.map(\.outcome))")
        guard case .failed(let expected, let found) = verdict.checks[1].outcome else { return }
        #expect(
            expected == "[\"nope\"]" && found.contains("TOKEN=[TOKEN]\\n") && found.contains("SHORT=short\\n"),
            "\(found)")
    }

    /// The machine itself is nobody's to be mounted on.
    @Test func lendsNothingToTheMachine() throws {
        let text =
            Self.head
            + "commandTests: [{name: a, command: test, args: [-e, /mnt/passwd]}]\ncontainerRunOptions: {bindMounts: [/etc:/mnt]}"
        let runner = SpecRunner(directoriesIn: directory.path, program: BuiltBake.program)
        let spec = try Spec(parsing: text, name: "structure.yaml", with: SpecContext(lender: [:]))
        let error = #expect(throws: (any Error).self) { try runner.run(spec, on: .directory("/"), deadline: 60) }
        #expect("\(String(describing: error))".contains("it is the machine itself"))
        let found = try runner.run(spec, on: .directory(image.unpacked), deadline: 60)
        #expect(found.letters == "p", "\(found.checks.map(\.outcome))")
    }

    /// The image as a docker-archive, by skopeo from an OCI layout that is written here by hand.
    private func archive(_ name: String) throws -> String {
        let layout = "\(directory.path)/layout of \(name)"
        try FileManager.default.createDirectory(atPath: "\(layout)/blobs/sha256", withIntermediateDirectories: true)
        let config = try put(
            .record([
                "architecture": "amd64", "os": "linux", "config": configuration.ociJSON,
                "rootfs": ["type": "layers", "diff_ids": [.string(layer.diffID.description)]],
            ]), in: layout)
        let blob = try store.read(layer.blob, limit: 1 << 28)
        try Data(blob).write(to: URL(fileURLWithPath: "\(layout)/blobs/sha256/\(layer.blob.hex)"))
        let manifest = try put(
            [
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": descriptor("application/vnd.oci.image.config.v1+json", config.0, config.1),
                "layers": [descriptor(Layer.mediaType, layer.blob, blob.count)],
            ], in: layout)
        let index: JSON = [
            "schemaVersion": 2,
            "manifests": [descriptor("application/vnd.oci.image.manifest.v1+json", manifest.0, manifest.1)],
        ]
        try index.canonical.write(toFile: "\(layout)/index.json", atomically: false, encoding: .utf8)
        try "{\"imageLayoutVersion\":\"1.0.0\"}".write(
            toFile: "\(layout)/oci-layout", atomically: false, encoding: .utf8)
        let done = try CompletedProcess.run(
            "/usr/bin/skopeo",
            ["--insecure-policy", "copy", "-q", "oci:\(layout)", "docker-archive:\(directory.path)/\(name):a:b"],
            environment: ["PATH=/usr/bin:/bin", "HOME=\(directory.path)", "TMPDIR=\(directory.path)"], deadline: 60)
        #expect(done.ending.succeeded, "\(done.lastErrors)")
        return "\(directory.path)/\(name)"
    }

    private func put(_ json: JSON, in layout: String) throws -> (Digest, Int) {
        let bytes = json.canonicalBytes
        let digest = Digest.of(bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(layout)/blobs/sha256/\(digest.hex)"))
        return (digest, bytes.count)
    }

    private func descriptor(_ type: String, _ digest: Digest, _ size: Int) -> JSON {
        ["mediaType": .string(type), "digest": .string(digest.description), "size": .number(Int64(size))]
    }
}
