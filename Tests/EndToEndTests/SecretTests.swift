import BakeModel
import BakeTestSupport
import Foundation
import Testing

/// Secrets reach the commands that read them, and nothing else.
@Suite struct SecretTests {
    private let small: SmallRepository
    private let file: String
    private static let secret = "correct horse battery staple"

    init() throws {
        small = try SmallRepository()
        file = "\(small.git.directory.path)/token"
        try "\(Self.secret)\n".write(toFile: file, atomically: false, encoding: .utf8)
    }

    private func commit(_ command: String) throws {
        let pipeline = """
            name: small
            secrets: [TOKEN]
            stages:
              app: { import: base.tar.gz, inputs: [], run: "\(command)" }
            image: app

            """
        try small.git.commit(files: ["bake.yaml": pipeline])
    }

    @Test("the command reads it; store, ledger and log never see it; what is cached needs it no more")
    func read() throws {
        try commit("busybox wc -c < /run/secrets/TOKEN > /srv/count; cat /run/secrets/TOKEN")
        let built = try small.bake("build", "-v", "--secret", "TOKEN=\(file)")
        #expect(built.status == 0, "\(built.errors)")
        #expect(try small.bake("enter", "small@1", "--", "cat", "/srv/count").output == "29\n")
        #expect(!built.errors.contains("battery"))
        let found = try ForeignTool.run(
            "sh", ["-c", "grep -rl --exclude=token \"$1\" \"$2\" || true", "sh", "battery", small.git.directory.path])
        #expect(found == "")
        let again = try small.bake("build")
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.errors.contains(" cached"), "\(again.errors)")
    }

    @Test("a layer that holds it, plain or in base64, is not kept")
    func left() throws {
        for command in [
            "cat /run/secrets/TOKEN > /srv/oops", "busybox base64 < /run/secrets/TOKEN > /srv/oops",
            "{ echo x; cat /run/secrets/TOKEN; } | busybox base64 > /srv/oops",
        ] {
            try commit(command)
            let built = try small.bake("build", "--secret", "TOKEN=\(file)")
            #expect(built.status == 1)
            #expect(built.errors.contains("/srv/oops"), "\(built.errors)")
            #expect(built.errors.contains("it holds the secret TOKEN"))
        }
        #expect(try small.bake("log").output == "")
    }

    @Test("one that is missing, unknown, too short or no file: what to do")
    func mistakes() throws {
        try commit("true")
        let missing = try small.bake("build")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("hint: --secret TOKEN=FILE"), "\(missing.errors)")
        let unknown = try small.bake("build", "--secret", "TOKE=\(file)")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean \"TOKEN\"?"), "\(unknown.errors)")
        try "short\n".write(toFile: file, atomically: false, encoding: .utf8)
        #expect(try small.bake("build", "--secret", "TOKEN=\(file)").status == 2)
        #expect(try small.bake("build", "--secret", "TOKEN=/nowhere").status != 0)
    }
}
