import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import TarArchive

/// The bytes of a layer are the same on every processor: compressors choose their code by what the processor can do.
@Suite struct ProcessorTests {
    /// Beside bake itself.
    private static let sample = (BuiltBake.program.path as NSString).deletingLastPathComponent + "/LayerSample"

    @Test(
        "an emulated processor writes the bytes that this one writes",
        arguments: ["qemu64", "Nehalem", "Haswell", "max"], [Compression.fast, .small])
    func models(model: String, compression: Compression) throws {
        let scratch = try Scratch()
        let script = """
            \(Self.sample) \(compression.rawValue) 2 >here.tgz
            qemu-x86_64-static -cpu \(model) \(Self.sample) \(compression.rawValue) 1 >there.tgz 2>/dev/null
            cmp here.tgz there.tgz
            gzip -t there.tgz
            """
        try scratch.shell(script)
        #expect(try MemberSizes(of: "there.tgz", in: scratch).stored.count > 1)
    }
}
