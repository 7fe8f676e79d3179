import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

/// `bake gc --fold`: older images are kept as the pieces that they share, and nobody who asks for one notices.
@Suite struct FoldingTests {
    private static let generations = 4

    /// Generations of a megabyte that compresses badly, of which each changes a line.
    private static func aged() throws -> SmallRepository {
        let small = try SmallRepository()
        var random = SystemRandomNumberGenerator()
        let noise = (0..<60_000).map { _ in String(random.next(), radix: 36) }
        try small.git.commit(files: [
            "bake.yaml": "name: small\nstages: { app: { from: scratch, add: { /srv/: src/ } } }\nimage: app\n",
            "environments.yaml": "environments: { staging: {} }\n",
            "src/noise": noise.joined(separator: "\n"),
        ])
        for number in 1...generations {
            try small.commitPage("page \(number)")
            _ = try small.bake("build", "-q")
        }
        return small
    }

    private static func bytes(in store: String) throws -> Int {
        let files = FileManager.default.enumerator(atPath: store)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasPrefix("blobs/") || $0.hasPrefix("members/") }.reduce(0) {
            $0 + (try FileManager.default.attributesOfItem(atPath: "\(store)/\($1)")[.size] as? Int ?? 0)
        }
    }

    private static func names(in store: String) throws -> [String] {
        let index = try JSON(parsing: Array(Data(contentsOf: URL(filePath: "\(store)/index.json"))))
        return (index["manifests"]?.items ?? [])
            .compactMap { $0["annotations"]?["org.opencontainers.image.ref.name"]?.string }
    }

    private static func page(_ number: Int, of small: SmallRepository) throws -> String {
        try small.bake("export", "small@\(number):/srv/page.txt").output
    }

    /// The flattened root of the first image.
    private static func root(of small: SmallRepository) throws -> Data {
        let file = "\(small.git.directory.path)/root.tar.gz"
        #expect(try small.bake("export", "small@1", "-o", file).status == 0)
        return try Data(contentsOf: URL(filePath: file))
    }

    @Test("four images in little more room than one; each comes back, bit for bit, and skopeo reads all that is named")
    func fold() throws {
        let small = try Self.aged()
        let before = try Self.bytes(in: small.store)
        let root = try Self.root(of: small)
        let plan = try small.bake("gc", "--fold", "--older-than", "0s", "--dry-run")
        #expect(plan.output.split(separator: "\n").map { $0.prefix(4) } == ["keep", "fold", "fold", "fold"])
        let done = try small.bake("gc", "--fold", "--older-than", "0s")
        #expect(done.status == 0, "\(done.errors)")
        #expect(try Self.bytes(in: small.store) * 2 < before)
        #expect(try small.bake("fsck").output == "the store is sound\n")
        for number in 1...Self.generations {
            #expect(try Self.page(number, of: small) == "page \(number)\n")
        }
        #expect(try Self.root(of: small) == root)
        #expect(try Self.names(in: small.store).filter { !$0.contains(".") && !$0.contains("-") } == ["small@4"])
        _ = try ForeignTool.run("skopeo", ["copy", "oci:\(small.store):small@4", "dir:\(small.git.directory.path)/4"])
        // What an environment has is a plain image again.
        _ = try small.bake("env", "apply", "environments.yaml")
        #expect(try small.bake("promote", "small@1", "staging").status == 0)
        _ = try ForeignTool.run(
            "skopeo", ["copy", "oci:\(small.store):small:staging", "dir:\(small.git.directory.path)/1"])
    }

    @Test("a copy of the store has what folded images are made of; a later collection without --fold gives them up")
    func copyAndGiveUp() throws {
        let small = try Self.aged()
        _ = try small.bake("gc", "--fold", "--older-than", "0s")
        let copy = "\(small.git.directory.path)/copy"
        #expect(try small.bake("backup", copy).status == 0)
        let page = try small.bake("export", "small@2:/srv/page.txt", "--store", copy)
        #expect(page.output == "page 2\n", "\(page.errors)")
        #expect(try small.bake("fsck", "--store", copy).status == 0)
        #expect(try small.bake("gc", "--older-than", "0s").status == 0)
        #expect(try small.bake("export", "small@2:/srv/page.txt").errors.contains("it was collected"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/members/packs").isEmpty)
        #expect(try small.bake("fsck").output == "the store is sound\n")
    }

    @Test(
        "P6: killed at any of its calls, no image is lost, and the next collection ends",
        arguments: ["fsync", "rename", "unlink"])
    func killed(_ call: String) throws {
        let small = try Self.aged()
        for number in [1, 2, 4, 7] {
            _ = try small.bake(
                ["gc", "--fold", "--older-than", "0s"],
                wrapper: [
                    "/usr/bin/strace", "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                    "inject=\(call):signal=KILL:when=\(number)",
                ])
            #expect(try (1...Self.generations).map { try Self.page($0, of: small) } == (1...4).map { "page \($0)\n" })
        }
        #expect(try small.bake("gc", "--fold", "--older-than", "0s").status == 0)
        #expect(try small.bake("fsck").output == "the store is sound\n")
    }
}
