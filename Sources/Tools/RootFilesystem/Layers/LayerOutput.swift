import BakeModel
import BlobStorage
import LinuxSystem
import TarArchive

extension BlobStore {
    /// Writes a layer, copying what the store's layers have of it already, and remembers what the next may copy.
    /// - Parameters:
    ///   - output: takes the compressed bytes.
    ///   - threads: how many compress; no matter for the bytes.
    ///   - pack: appends the entries.
    public func writeLayer(
        to output: Descriptor, compression: Compression, threads: Int, _ pack: (LayerWriter) throws -> Void
    ) throws -> Layer {
        let cache = MemberCache(store: self, encoder: compression.encoder.description)
        let writer = try LayerWriter(
            to: output, compression: compression, threads: threads, reusing: { cache.find($0) })
        try pack(writer)
        let layer = try writer.finish()
        cache.keep(writer.members, of: layer.blob)
        return layer
    }
}
