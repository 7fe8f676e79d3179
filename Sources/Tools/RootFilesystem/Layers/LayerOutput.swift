import BakeModel
import BlobStorage
import LinuxSystem
import TarArchive

extension BlobStore {
    /// Writes a layer, copying what the store's layers have of it already, and remembers what the next may copy.
    /// - Parameters:
    ///   - output: takes the compressed bytes.
    ///   - threads: how many compress; no matter for the bytes.
    ///   - isKept: whether the layer goes into the store: then the cache also remembers what it holds, and where.
    ///   - copy: takes the tar itself besides; nil where nobody wants it.
    ///   - pack: appends the entries.
    public func writeLayer(
        to output: Descriptor, compression: Compression, threads: Int, isKept: Bool = true,
        copyingTo copy: Descriptor? = nil, _ pack: (LayerWriter) throws -> Void
    ) throws -> Layer {
        let cache = MemberCache(store: self, encoder: compression.encoder.description)
        var contents = isKept ? ContentsBuilder() : nil
        let watcher: LayerWriter.Watcher = { entry, offset in
            // What cannot be listed is written all the same, and read as other tools' layers are.
            do { try contents?.add(ContentsEntry(written: entry, at: offset)) } catch { contents = nil }
        }
        // Members have digests for those that come after, and for finding them among those that came before.
        let lookup: MemberLookup = { cache.find($0) }
        let writer = try LayerWriter(
            to: output, compression: compression, threads: threads, reusing: isKept || !cache.isEmpty ? lookup : nil,
            copyingTo: copy,
            watcher: isKept ? watcher : nil)
        try pack(writer)
        let layer = try writer.finish()
        guard isKept else { return layer }
        cache.keep(writer.members, of: layer.blob)
        if let contents {
            let members = writer.members.map { StoredMember($0) }
            LayerContentsCache(store: self).keep(contents.finish(written: layer, members))
        }
        return layer
    }
}
