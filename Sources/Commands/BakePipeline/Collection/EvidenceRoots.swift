import Attestation
import BakeModel
import BlobStorage
import GenerationLog
import StageEngine

/// The blobs that stay whatever becomes of images, and those that kept images need to be made again.
struct EvidenceRoots {
    let store: BakeStore

    /// What is never collected: evidence, what stages printed, what others put into the index, every document that an
    /// entry of the ledger names, but for the images.
    func lasting(images: Set<Digest>) throws -> [ContentDescriptor] {
        let evidence = try store.generations.compactMap {
            Self.manifest($0.record.evidence, $0.record.evidenceSize)
        }
        let foreign = try store.blobs.indexed().filter { entry in
            let name = entry.annotations[ContentDescriptor.referenceKey] ?? ""
            // What these hold is the ledger's to say.
            let isTag = name.hasPrefix("sha256-") && Digest(hex: name.dropFirst(7)) != nil
            return GenerationID(name) == nil && Slot(name) == nil && !isTag
        }
        let named = try Set(digestsInLedger()).subtracting(images).map(Self.blob)
        // The ledger says it, too, whatever became of the index.
        let statements = try store.attestations.referrers(after: 0, through: .max).map {
            Self.manifest($0.artifact, $0.size)
        }
        return try evidence + statements + foreign + named + store.blobsOfBuilds()
    }

    /// The documents behind the fallback tags of images: others are made again when they are asked for.
    func tags(of images: [Digest]) throws -> [ContentDescriptor] {
        try store.attestations.indexes(of: images).map {
            ContentDescriptor(mediaType: MediaType.index, digest: $0.digest, size: $0.size)
        }
    }

    private func digestsInLedger() throws -> [Digest] {
        var found: [Digest] = []
        try store.ledger.forEach { Self.collect($0.act.body, into: &found) }
        return found
    }

    private static func collect(_ json: JSON, into found: inout [Digest]) {
        if let digest = json.string.flatMap({ Digest($0) }) { found.append(digest) }
        for item in json.items ?? [] { collect(item, into: &found) }
        for item in json.members?.values.map(\.self) ?? [] { collect(item, into: &found) }
    }

    /// What a lock pins: packages, what was fetched, what was imported.
    func pinned(by record: GenerationRecord) throws -> [ContentDescriptor] {
        guard let digest = record.lockFile, store.blobs.contains(digest) else { return [] }
        let lock = try LockFile.parse(try store.blobs.read(digest, limit: LockFile.limit))
        let files = lock.packages.values.flatMap(\.closure).map(\.digest) + lock.fetches.values.map(\.output.blob)
        return files.map(Self.blob) + lock.imports.values.map(Self.manifestIfOne)
    }

    private static func manifestIfOne(_ locked: LockedImport) -> ContentDescriptor {
        if case .registry = locked.origin { return manifest(locked.digest, 0) }
        return blob(locked.digest)
    }

    /// The results of every stage's last run: without them the next bake would make everything again.
    func lastResults() throws -> [ContentDescriptor] {
        StageCache(reading: StageCache.directory(in: store)).lastResults(as: BakeProduct.self).flatMap(\.blobs)
            .map(Self.blob)
    }

    /// What names nothing else.
    private static func blob(_ digest: Digest) -> ContentDescriptor {
        ContentDescriptor(mediaType: "application/octet-stream", digest: digest, size: 0)
    }

    static func manifest(_ digest: Digest, _ size: UInt64) -> ContentDescriptor {
        ContentDescriptor(mediaType: MediaType.manifest, digest: digest, size: size)
    }
}
