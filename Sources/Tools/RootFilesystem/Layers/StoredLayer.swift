import BakeModel
import BlobStorage
import LinuxSystem
import TarArchive

extension BlobStore {
    /// Opens a layer's blob and reads it. An archive that cannot be read because the disk changed its bytes is told as the
    /// store's damage, which `fsck` mends: it came from nowhere else.
    /// - Throws: `StoreError.corrupted` where the blob's bytes are not its own any more; what `body` throws.
    func reading<Value>(_ layer: Layer, _ body: (Descriptor) throws -> Value) throws -> Value {
        let file = try open(layer.blob)
        do { return try body(file) } catch let error as ArchiveReadError {
            try verify(layer.blob)
            throw error
        }
    }
}
