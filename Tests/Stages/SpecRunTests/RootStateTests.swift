import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// A small root whose verdicts follow from goss's documentation.
@Suite struct RootStateTests {
    private static let passwd = """
        root:x:0:0:root:/root:/bin/bash
        web:x:33:33:web:/var/www:/usr/sbin/nologin
        broken:x:1
        """
    private static let group = "root:x:0:\nweb:x:33:\nssl:x:44:web,other\nadm:x:4:web\n"
    private static let status = """
        Package: nginx
        Status: install ok installed
        Architecture: amd64
        Version: 1.22.1-9
        Description: server
         Version: 0 in a continued line

        Package: gone
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 2

        Package: held
        Status: hold ok installed
        Architecture: all
        Version: 3
        """

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("etc/passwd", Self.passwd)
        try directory.write("etc/group", Self.group)
        try directory.write("var/lib/dpkg/status", Self.status)
        try directory.write("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\n")
        try directory.write("usr/bin/tool", "#!/bin/sh\nport 8080\n# end\n", mode: 0o4755)
        try directory.write("root/.profile", "x")
        let path = directory.path
        symlink("/usr/bin", "\(path)/bin")
        symlink("../../../../../../etc/passwd", "\(path)/escape")
        symlink("/nowhere", "\(path)/dangling")
        mkfifo("\(path)/pipe", 0o600)
        chmod("\(path)/pipe", 0o600)
        chown("\(path)/usr/bin/tool", 33, 44)
        chmod("\(path)/usr/bin/tool", 0o4755)
    }

    private func verdict(_ text: String) throws -> Verdict {
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        let image = ImageState(try MountedRoot(at: directory.path))
        return SpecSuite(spec: spec, image: image, processes: NoProcesses(), patience: .none).verdict()
    }

    static let table: [(String, String)] = [
        ("file: {/usr/bin/tool: {exists: true, mode: \"4755\", owner: web, uid: 33, group: ssl, gid: 44}}", "pppppp"),
        (
            "file: {/usr/bin/tool: {exists: true, filetype: file, size: 26, contents: [\"port 8080\", \"!tls\"]}}",
            "pppp"
        ),
        ("file: {/usr/bin/tool: {exists: true, contents: \"port 8080\"}}", "pf"),
        ("file: {/usr/bin/tool: {exists: true, contains: [/^port/]}}", "pp"),
        ("file: {/bin: {exists: true, filetype: symlink, linked-to: /usr/bin}}", "ppp"),
        ("file: {/bin/tool: {exists: true, filetype: file}}", "pp"),
        ("file: {/escape: {exists: true, contents: [\"web:x:33\"]}}", "pp"),
        ("file: {/dangling: {exists: true, filetype: symlink}}", "pp"),
        ("file: {/dangling: {exists: true, contents: [x]}}", "pe"),
        ("file: {/pipe: {exists: true, filetype: pipe, mode: \"0600\"}}", "ppp"),
        ("file: {/pipe: {exists: true, contents: [x]}}", "pe"),
        ("file: {/usr: {exists: true, filetype: directory}}", "pp"),
        ("file: {/usr: {exists: true, sha256: x}}", "pe"),
        ("file: {/: {exists: true, filetype: directory}}", "pp"),
        ("file: {/bin/../etc/passwd: {exists: true}}", "p"),
        ("file: {~/.profile: {exists: true}}", "p"), ("file: {~web/x: {exists: false}}", "p"),
        ("file: {~nobody/x: {exists: false}}", "e"),
        // The first property decides over the rest.
        ("file: {/nope: {exists: false, mode: \"0644\"}}", "ps"), ("file: {/nope: {exists: true, mode: x}}", "fs"),
        ("file: {/usr: {mode: \"0755\"}}", "es"), ("file: {/usr: {exists: {gt: 1}, mode: x}}", "es"),
        ("file: {/etc/passwd/x: {exists: false}}", "p"), ("file: {/etc/passwd/x: {exists: true}}", "f"),
        ("file: {/usr: {exists: true}, /x: {exists: true, mode: x, skip: true}}", "pss"),
        ("package: {nginx: {installed: true, versions: [1.22.1-9]}}", "pp"),
        ("package: {nginx: {installed: true, versions: [{have-prefix: \"1.22\"}]}}", "pp"),
        ("package: {gone: {installed: false, versions: [2]}}", "ps"), ("package: {held: {installed: true}}", "p"),
        ("package: {\"nginx:amd64\": {installed: true}, \"nginx:arm64\": {installed: false}}", "pp"),
        ("package: {base-files: {installed: true, versions: [\"12\"]}}", "pp"),
        ("package: {none: {installed: true}}", "f"),
        ("user: {web: {exists: true, uid: 33, gid: \"33\", home: /var/www, shell: {have-suffix: nologin}}}", "ppppp"),
        ("user: {web: {exists: true, groups: [adm, web]}}", "pp"),
        ("user: {web: {exists: true, groups: {consist-of: [adm, web, ssl]}}}", "pp"),
        ("user: {nobody: {exists: false, uid: 1}}", "ps"), ("user: {broken: {exists: true}}", "f"),
        ("group: {ssl: {exists: true, gid: 44}}", "pp"), ("group: {ssl: {exists: true, gid: 45}}", "pf"),
        ("command: {\"true\": {exit-status: 0, stdout: [x]}}", "ee"),
        ("process: {x: {running: true}}", "e"), ("port: {\"80\": {listening: true, ip: [x]}}", "es"),
    ]

    @Test(arguments: table)
    func judges(text: String, letters: String) throws {
        let verdict = try verdict(text)
        #expect(verdict.letters == letters, "\(verdict.checks.map(\.outcome))")
    }

    /// Without a database nobody knows what is installed: an image of another distribution must not pass.
    @Test func packagesNeedTheirDatabase() throws {
        let text = "package: {nginx: {installed: false}}"
        try FileManager.default.removeItem(atPath: "\(directory.path)/var/lib/dpkg/status")
        #expect(try verdict(text).letters == "p")
        try FileManager.default.removeItem(atPath: "\(directory.path)/var/lib/dpkg")
        #expect(try verdict(text).letters == "e")
        try directory.write("lib/apk/db/installed", "P:musl\n")
        let outcome = try verdict(text).checks[0].outcome
        #expect(outcome.explanation.contains("the image has no dpkg database, but one of apk"), "\(outcome)")
    }

    @Test func showsBothSides() throws {
        let verdict = try verdict(
            "file: {/usr/bin/tool: {exists: true, mode: \"0755\", contents: [\"!port\", nope, end]}}")
        #expect(verdict.checks[1].outcome == .failed(expected: "\"0755\"", found: "\"4755\""))
        let text = "\"#!/bin/sh\\nport 8080\\n# end\\n\""
        #expect(
            verdict.checks[2].outcome
                == .failed(
                    expected: "[\"!port\",\"nope\",\"end\"]",
                    found: "not satisfied: [\"!port\",\"nope\"] in \(text)"))
    }

    @Test(arguments: ["md5", "sha256", "sha512"])
    func digestsAsCoreutilsDo(name: String) throws {
        let path = "\(directory.path)/usr/bin/tool"
        let tool = try CompletedProcess.run("/usr/bin/\(name)sum", [path], environment: [])
        let expected = tool.text.prefix { $0 != " " }
        #expect(try verdict("file: {/usr/bin/tool: {exists: true, \(name): \"\(expected)\"}}").letters == "pp")
    }

    /// The machine's own packages, as dpkg-query tells them.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/dpkg-query")))
    func countsPackagesAsDpkgDoes() throws {
        let format = "${Package}\\t${Architecture}\\t${Version}\\t${Status}\\n"
        let tool = try CompletedProcess.run("/usr/bin/dpkg-query", ["-W", "-f", format], environment: [])
        let expected = tool.text.split(separator: "\n").filter { $0.hasSuffix(" ok installed") }
            .map { $0.split(separator: "\t").prefix(3).joined(separator: "\t") }
        let found = try PackageDatabase(try MountedRoot(at: "/")).packages.filter(\.isInstalled)
            .map { "\($0.name)\t\($0.architecture)\t\($0.version)" }
        #expect(Set(found) == Set(expected))
    }
}
