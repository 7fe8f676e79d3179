import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import RootFilesystem

/// A command reads its secrets, and nothing keeps them.
@Suite struct SecretTests {
    private let bench: Workbench
    private let base: Layer
    private static let text = "s3cr3t-\(UInt64.random(in: .min ... .max))-token"

    init() throws {
        bench = try Workbench()
        base = try bench.busybox()
    }

    private func run(
        _ script: String, result: RunRequest.Result = .changes, user: String? = nil
    ) throws -> (outcome: RunOutcome, log: String) {
        let secret = try SandboxSecret(name: "TOKEN", bytes: Array("\(Self.text)\n".utf8))
        return try bench.run([base], script, result: result, user: user, secrets: [secret])
    }

    @Test func filesAreTheUsersAlone() throws {
        let script = """
            stat -c '%a %u %g' /run/secrets/TOKEN; test "$(cat /run/secrets/TOKEN)" = "$(cat)" || echo other
            wc -c < /run/secrets/TOKEN; echo x 2>/dev/null > /run/secrets/new || echo read-only
            """
        let length = "\(Self.text)\n".utf8.count
        #expect(try run(script.replacing("$(cat)", with: Self.text)).log == "400 0 0\n\(length)\nread-only\n")
        #expect(
            try run("stat -c '%a %u %g' /run/secrets/TOKEN; cat /run/secrets/TOKEN", user: "www").log
                == "400 33 34\n[secret TOKEN]\n")
        #expect(try bench.output([base], "ls /run/secrets 2>&1 | grep -c 'No such'") == "1\n")
    }

    @Test func nothingOfThemIsKept() throws {
        let (outcome, _) = try run("mkdir /opt; cp -r /run/secrets /tmp/; cat /run/secrets/TOKEN > /dev/null")
        #expect(try bench.listing(#require(outcome.layer)) == ["drwxr-xr-x 0/0 opt/"])
        #expect(try bench.leftovers() == [])
        let found = try CompletedProcess.run("/bin/grep", ["-rl", Self.text, bench.directory], environment: [])
        #expect(found.text == "" && found.ending == .exited(1))
    }

    @Test(arguments: [
        "cp -r /run /data/", "cp /run/secrets/TOKEN /data/x", "ln -s $(cat /run/secrets/TOKEN) /data/x",
        "mkdir /data/$(cat /run/secrets/TOKEN)", "(echo -n a; cat /run/secrets/TOKEN) | base64 > /data/x",
        "(cat /bin/busybox; echo -n ab; cat /run/secrets/TOKEN) | base64 > /data/x",
        "(head -c 262140 /dev/zero; cat /run/secrets/TOKEN) > /data/x",
    ])
    func aLayerWithASecretIsRefused(script: String) throws {
        #expect { try run(script) } throws: { error in
            let fault = error as? RemoteError
            guard let fault, !"\(fault)".contains(Self.text) else { return false }
            return fault.reason == "it holds the secret TOKEN" && fault.subject.hasPrefix("/data/")
        }
        let blobs = try FileManager.default.contentsOfDirectory(atPath: "\(bench.store.path)/blobs/sha256")
        #expect(blobs == [base.blob.hex])
    }

    /// The root of a failed command is kept for people, but not one in which a secret may lie.
    @Test func aFailedRootIsKeptWithoutSecretsAlone() throws {
        let secret = try SandboxSecret(name: "TOKEN", bytes: Array(Self.text.utf8))
        for (name, secrets) in [("plain", []), ("secret", [secret])] {
            var request = RunRequest(layers: [base], script: "cat /run/secrets/* > /data/x; exit 3")
            request.secrets = secrets
            request.failureName = name
            let outcome = try bench.workshop.run(request, log: try Descriptor.open("/dev/null", O_WRONLY))
            #expect(outcome.ending != .exited(0))
        }
        #expect(bench.workshop.failedRoots == ["plain"])
        let found = try CompletedProcess.run("/bin/grep", ["-rl", Self.text, bench.directory], environment: [])
        #expect(found.text == "")
    }

    @Test func anOutputWithASecretIsRefused() throws {
        #expect { try run("mkdir dist; cp /run/secrets/TOKEN dist/t", result: .outputs([treePath("dist")])) } throws: {
            ($0 as? RemoteError)?.subject == "/dist/t"
        }
        // What is thrown away may hold it.
        #expect(try run("cp /run/secrets/TOKEN x; echo > y", result: .outputs([treePath("y")])).outcome.layer != nil)
    }

    @Test func whatIsPrintedIsMasked() throws {
        #expect(try run("echo before; cat /run/secrets/TOKEN; echo after").log == "before\n[secret TOKEN]\nafter\n")
        #expect(
            try run("for i in a b; do echo -n x$(cat /run/secrets/TOKEN); done").log == "x[secret TOKEN]x[secret TOKEN]"
        )
        // In two writes, a while apart.
        let slow = "v=$(cat /run/secrets/TOKEN); echo -n ${v%-token}; sleep 0.2; echo -n -token"
        #expect(try run(slow).log == "[secret TOKEN]")
    }

    @Test func oneOfTheEnvironmentIsNoFileButSearchedForAndMasked() throws {
        let secret = try SandboxSecret(
            name: "https_proxy", bytes: Array("http://ann:\(Self.text)@proxy:3128".utf8), place: .environment)
        let script = "ls /run/secrets || echo \(Self.text)"
        #expect(try bench.run([base], script, secrets: [secret]).log.hasSuffix("\n[secret https_proxy]\n"))
        #expect { try bench.run([base], "echo \(Self.text) > /data/x", secrets: [secret]) } throws: {
            ($0 as? RemoteError)?.reason == "it holds a part of line 1 of the secret https_proxy"
        }
    }

    /// Neither on a command line nor in an environment of any process, while the command runs.
    @Test func processTablesDoNotShowThem() throws {
        let marker = "3\(UInt32.random(in: 100_000...999_999))"
        let running = Worker { try run("cat /run/secrets/TOKEN > /dev/null; sleep 1; true; : \(marker)") }
        try waitUntil { Processes.count(with: marker) > 0 }
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int32($0) != nil }
        for file in names.flatMap({ ["/proc/\($0)/cmdline", "/proc/\($0)/environ"] }) {
            let bytes = (try? DurableFile.read(file, limit: 4 << 20)) ?? []
            #expect(!String(decoding: bytes, as: UTF8.self).contains(Self.text), "\(file)")
        }
        #expect(try running.result().outcome.ending == .exited(0))
    }

    @Test func unsearchableOnesAreRefused() throws {
        #expect(throws: SecretFault.tooShort("A")) { try SandboxSecret(name: "A", bytes: Array("1234567\n\n".utf8)) }
        #expect(throws: SecretFault.tooLong("A")) {
            try SandboxSecret(name: "A", bytes: [UInt8](repeating: 65, count: 65_537))
        }
        for name in ["", ".ssh", "a/b", "a b", ".."] {
            #expect(throws: SecretFault.badName(name)) { try SandboxSecret(name: name, bytes: Array("12345678".utf8)) }
        }
        _ = try SandboxSecret(name: "A", bytes: Array("12345678".utf8))
    }
}

/// The search itself, against the base64 of coreutils.
@Suite struct SecretSearchTests {
    private func base64(_ text: String, wrap: Int = 76) throws -> [UInt8] {
        let done = try CompletedProcess.run(
            "/bin/sh", ["-c", "printf %s \"$1\" | base64 -w \(wrap)", "sh", text], environment: ["PATH=/usr/bin:/bin"])
        return done.output
    }

    @Test(arguments: 0..<12) func everyAlignmentIsFound(_ before: Int) throws {
        let secrets = [try SandboxSecret(name: "A", bytes: Array("hunter2???>>>~~~".utf8))]
        let patterns = SecretPatterns(secrets)
        for (after, wrap) in [(0, 76), (1, 76), (2, 0), (3, 5)] {
            let letters = { (count: Int) in String(repeating: "x", count: count) }
            let encoded = try base64("\(letters(before))hunter2???>>>~~~\(letters(after))", wrap: wrap)
            #expect(SecretSearch.find(patterns, in: encoded)?.name == "A")
            let url = encoded.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? 0x5f : $0 }
            #expect(SecretSearch.find(patterns, in: url)?.name == "A")
        }
        #expect(SecretSearch.find(patterns, in: try base64("\(before)hunter2???>>>~~ and more")) == nil)
    }

    @Test func piecesOfAnySize() throws {
        let patterns = SecretPatterns([
            try SandboxSecret(name: "A", bytes: Array("first-secret".utf8)),
            try SandboxSecret(name: "B", bytes: Array("the second, longer secret".utf8)),
        ])
        let text = Array("nothing, then the second, longer secret and more".utf8)
        for size in 1...text.count {
            var search = SecretSearch(for: patterns)
            let found = stride(from: 0, to: text.count, by: size).compactMap { start in
                text[start..<min(start + size, text.count)].withUnsafeBytes { search.feed($0) }
            }
            #expect(found.first?.name == "B", "in pieces of \(size)")
        }
    }

    @Test func maskPassesEverythingElse() throws {
        let key = try SandboxSecret(name: "K", bytes: Array("line number one\nshort\nline number two\n".utf8))
        var mask = SecretMask([key])
        let text = Array("a line number o, line number one, line number two, line numb".utf8)
        for size in 1...text.count {
            var said: [UInt8] = []
            for start in stride(from: 0, to: text.count, by: size) {
                said += mask.mask(text[start..<min(start + size, text.count)])
            }
            said += mask.finish()
            #expect(String(decoding: said, as: UTF8.self) == "a line number o, [secret K], [secret K], line numb")
        }
    }

    /// Two secrets, one of which begins with the other: whichever was printed, and wherever a write ends.
    @Test func maskTakesTheLongest() throws {
        let secrets = [
            try SandboxSecret(name: "short", bytes: Array("abcdefgh".utf8)),
            try SandboxSecret(name: "long", bytes: Array("abcdefgh-and-more".utf8)),
        ]
        let text = Array("abcdefgh-and-more, abcdefgh-and, abcdefgh".utf8)
        for size in 1...text.count {
            var mask = SecretMask(secrets)
            var said: [UInt8] = []
            for start in stride(from: 0, to: text.count, by: size) {
                said += mask.mask(text[start..<min(start + size, text.count)])
            }
            said += mask.finish()
            #expect(String(decoding: said, as: UTF8.self) == "[secret long], [secret short]-and, [secret short]")
        }
    }

    /// As coreutils and as PEM files wrap it, in writes of any size: no two digits of it in a row are left that were not there
    /// before.
    @Test(arguments: [76, 64], 0..<3) func maskFindsWrappedBase64(_ wrap: Int, _ offset: Int) throws {
        let secret = try SandboxSecret(name: "K", bytes: Array("correct horse battery staple".utf8))
        let before = String(repeating: "-", count: 40 + offset)
        let encoded = try base64("\(before)correct horse battery staple", wrap: wrap)
        for size in [1, 7, 75, 200] {
            var mask = SecretMask([secret])
            var said: [UInt8] = []
            for start in stride(from: 0, to: encoded.count, by: size) {
                said += mask.mask(encoded[start..<min(start + size, encoded.count)])
            }
            said += mask.finish()
            let text = String(decoding: said, as: UTF8.self)
            #expect(text.contains("[secret K]"), "\(text)")
            // What stands before the secret has (40 + offset) / 3 groups of "LS0t", one more of both, and the padding.
            #expect(text.replacing("[secret K]", with: "").count <= (40 + offset) / 3 * 4 + 4 + 4, "\(text)")
        }
    }

    @Test func ordinaryLinesAreNotHeldBack() throws {
        let secret = try SandboxSecret(name: "K", bytes: Array("correct horse battery staple".utf8))
        var mask = SecretMask([secret])
        for line in ["Setting up nginx\n", "Unpacking libgcc-s1\n", "done Y29\n"] {
            #expect(String(decoding: mask.mask(Array(line.utf8)), as: UTF8.self) == line)
        }
    }
}

/// What of a secret is one by itself.
@Suite struct SecretPartsTests {
    private func parts(_ text: String) throws -> [String] {
        let secret = try SandboxSecret(name: "A", bytes: Array(text.utf8))
        return SecretParts(of: secret.core).parts.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func values() throws {
        #expect(try parts("machine api.github.com\n  login joe\n  password s3cr3t-word\n") == ["s3cr3t-word"])
        #expect(try parts("machine api.github.com login joe-the-user password s3cr3tword").contains("s3cr3tword"))
        #expect(
            try parts("[default]\nregion = eu-central-1\naws_secret_access_key = wJalrXUtnFEMI/K7\n") == [
                "wJalrXUtnFEMI/K7"
            ])
        #expect(try parts("NODE_ENV=production\nDB_PASSWORD=hunter2hunter2\n") == ["hunter2hunter2"])
        #expect(try parts("user: ann\npassphrase: \"correct horse battery\"\n") == ["correct horse battery"])
        #expect(try parts("//registry.npmjs.org/:_authToken=npm_aBcDeF123\nx=y") == ["npm_aBcDeF123"])
        #expect(try parts("X: y\nAuthorization: Bearer abc.def.ghi\n").contains("abc.def.ghi"))
    }

    @Test func urls() throws {
        #expect(
            try parts("[global]\nindex-url = https://ann:s3cr3tword@pypi.example/simple\n") == [
                "ann:s3cr3tword", "s3cr3tword",
            ])
        #expect(try parts("index-url = https://pypi.org/simple\nauth_uri = https://accounts.example/auth\n") == [])
    }

    @Test func oneLine() throws {
        #expect(try parts("ann:opensesame") == ["opensesame"])
        #expect(try parts("opensesame") == [])
    }

    /// A service account's JSON, and the key that it holds written out.
    @Test func keys() throws {
        let lines = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"]
        let pem = "-----BEGIN PRIVATE KEY-----\n\(lines[0])\n\(lines[1])\n-----END PRIVATE KEY-----\n"
        #expect(try parts(pem) == lines)
        let account =
            "{\n  \"type\": \"service_account\",\n  \"private_key\": \"\(pem.replacing("\n", with: "\\n"))\"\n}\n"
        #expect(try Set(parts(account)).isSuperset(of: lines))
        #expect(try !parts(account).contains { $0.hasPrefix("-----") || $0.contains("service") })
    }
}
