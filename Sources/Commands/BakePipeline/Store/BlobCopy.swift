import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Blobs → another store. Those that are there already are hashed, and written again where they are rotten.
struct BlobCopy {
    private let source: BlobStore
    private let target: BlobStore
    /// Those that are sound in the target.
    private var sound: Set<Digest> = []
    /// Why others are not.
    private var faults: [Digest: String] = [:]
    /// How many were copied.
    private(set) var count = 0
    /// Their bytes.
    private(set) var bytes: UInt64 = 0

    init(from source: BlobStore, to target: BlobStore) {
        self.source = source
        self.target = target
    }

    /// Copies all that the source has, and what it needs and gave up meanwhile.
    /// - Parameter needed: documents; what they reach must be sound in the target at the end.
    /// - Throws: `IncompleteCopy`; `SystemError`.
    mutating func run(needed: [ContentDescriptor]) throws {
        for blob in try source.list() { try settle(blob.digest) }
        try source.copyFolded(to: target)
        // Documents that come name others: until nothing new is reached.
        while case let open = try target.reachable(from: needed).filter({ !sound.contains($0) && faults[$0] == nil }),
            !open.isEmpty
        {
            for digest in open.sorted() { try settle(digest) }
        }
        let lost = try target.reachable(from: needed.filter { faults[$0.digest] == nil })
            .union(needed.map(\.digest)).intersection(faults.keys)
        guard lost.isEmpty else {
            throw IncompleteCopy(path: source.path, faults: faults.filter { lost.contains($0.key) })
        }
    }

    private mutating func settle(_ digest: Digest) throws {
        do {
            if try !isSound(digest) { try copy(digest) }
            sound.insert(digest)
        } catch let error as StoreError {
            faults[digest] = error.reason
        } catch let error as SystemError where error.number == EIO {
            faults[digest] = error.reason
        }
    }

    private func isSound(_ digest: Digest) throws -> Bool {
        guard target.contains(digest) else { return false }
        do {
            try target.verify(digest)
            return true
        } catch is StoreError {
            return false
        } catch let error as SystemError where error.number == EIO || error.isMissing {
            return false
        }
    }

    private mutating func copy(_ digest: Digest) throws {
        let writer = try target.newBlob()
        var size: UInt64 = 0
        try source.open(digest).readPieces(of: 1 << 20) {
            try writer.write($0)
            size += UInt64($0.count)
        }
        _ = try writer.commit(claimed: digest, isReplacing: true)
        count += 1
        bytes += size
    }
}
