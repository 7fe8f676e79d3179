import BakeModel
import LinuxSystem

extension BlobStore {
    /// Looks at everything in the store: every blob is hashed, and every document below `index.json` is followed.
    /// - Parameters:
    ///   - roots: what else must be there, beside what the index names.
    ///   - layer: says what is wrong with a layer whose tar should have this digest; nil where nothing is.
    /// - Returns: what was found, each thing once; nothing where all is well.
    /// - Throws: `SystemError` where the store cannot be read; what `layer` throws.
    public func check(
        roots: [ContentDescriptor] = [], layer: (ContentDescriptor, DiffID) throws -> String?
    ) throws -> [StoreFinding] {
        var check = StoreCheck(store: self)
        // Before the blobs: what an older index names is there, whatever is being written meanwhile.
        let named = check.manifestsOfIndex()
        try check.hashBlobs()
        try check.hashFoldedLayers()
        try check.follow(named + roots, layer: layer)
        check.reportUnreferenced()
        return check.findings
    }
}

/// The findings about one store as they come up.
private struct StoreCheck {
    let store: BlobStore
    private(set) var findings: [StoreFinding] = []
    private var sizes: [Digest: UInt64] = [:]
    private var corrupted: Set<Digest> = []
    private var reached: Set<Digest> = []
    private var usable: [ContentDescriptor: Bool] = [:]
    private var checkedLayers: Set<[Digest]> = []
    private static let documentLimit = 16 << 20

    init(store: BlobStore) { self.store = store }

    mutating func manifestsOfIndex() -> [ContentDescriptor] {
        do {
            return try store.readIndex().manifests
        } catch {
            note(.malformed, "index.json", (error as? any ExplainedError)?.reason ?? "\(error)")
            return []
        }
    }

    mutating func hashBlobs() throws {
        for name in try DirectoryListing.names(in: store.blobs) {
            guard let digest = Digest(hex: name), store.contains(digest) else {
                note(.stray, name, "it is no blob")
                continue
            }
            do {
                sizes[digest] = try store.verify(digest)
            } catch StoreError.corrupted(_, let found) {
                sizes[digest] = try store.size(digest)
                corrupted.insert(digest)
                note(.corrupted, digest.description, "its bytes hash to \(found)")
            } catch StoreError.missing {
                // Collected since the listing.
            } catch let error as SystemError {
                corrupted.insert(digest)
                note(.corrupted, digest.description, "it cannot be read: \(error.reason)")
            }
        }
    }

    /// Layers that are kept as pieces are put together and hashed.
    mutating func hashFoldedLayers() throws {
        for layer in try store.foldedLayers.folded() {
            do { sizes[layer] = try store.verify(layer) } catch let error as StoreError {
                if case .missing = error { continue }
                sizes[layer] = (try? store.size(layer)) ?? 0
                corrupted.insert(layer)
                note(.corrupted, layer.description, "put together from its pieces: \(error.reason)")
            }
        }
    }

    mutating func follow(
        _ roots: [ContentDescriptor], layer: (ContentDescriptor, DiffID) throws -> String?
    ) throws {
        var open = roots
        var followed: Set<ContentDescriptor> = []
        while let descriptor = open.popLast() {
            guard followed.insert(descriptor.plain).inserted, isUsable(descriptor),
                ManifestDocument.isDocument(descriptor.mediaType), let document = try document(descriptor)
            else { continue }
            open += document.manifests
            if let subject = document.subject, sizes[subject.digest] != nil { open.append(subject) }
            if let configuration = document.configuration {
                try examine(configuration, document.layers, layer: layer)
            }
        }
    }

    mutating func reportUnreferenced() {
        for digest in sizes.keys.sorted() where !reached.contains(digest) {
            note(.unreferenced, digest.description, "no document names it")
        }
    }

    /// Whether the blob is there, of the right size and sound; says so, once, where it is not.
    private mutating func isUsable(_ descriptor: ContentDescriptor) -> Bool {
        if let known = usable[descriptor.plain] { return known }
        let isUsable = examine(descriptor)
        usable[descriptor.plain] = isUsable
        return isUsable
    }

    private mutating func examine(_ descriptor: ContentDescriptor) -> Bool {
        reached.insert(descriptor.digest)
        let name = descriptor.digest.description
        // What a collection laid aside meanwhile comes back when it is asked for.
        guard let size = sizes[descriptor.digest] ?? (try? store.size(descriptor.digest)) else {
            note(.missing, name, "a document names it")
            return false
        }
        guard size == descriptor.size else {
            note(.wrongSize, name, "it has \(size) bytes, a document says \(descriptor.size)")
            return false
        }
        return !corrupted.contains(descriptor.digest)
    }

    private mutating func document(_ descriptor: ContentDescriptor) throws -> ManifestDocument? {
        do {
            let bytes = try store.read(descriptor.digest, limit: Self.documentLimit)
            return try ManifestDocument(parsing: bytes, as: descriptor.mediaType)
        } catch let fault as ManifestDocument.Fault {
            note(fault.kind, descriptor.digest.description, fault.explanation)
        } catch StoreError.tooLong(_, let size, _) {
            note(.malformed, descriptor.digest.description, "a document of \(size) bytes is not read")
        }
        return nil
    }

    /// The configuration and the layers of one manifest: each is there, and they agree where they form an image.
    private mutating func examine(
        _ configuration: ContentDescriptor, _ layers: [ContentDescriptor],
        layer check: (ContentDescriptor, DiffID) throws -> String?
    ) throws {
        let areUsable = layers.map { isUsable($0) }
        guard isUsable(configuration), configuration.mediaType == MediaType.configuration else { return }
        guard let diffIDs = try diffIDs(of: configuration) else {
            note(.malformed, configuration.digest.description, "it has no list of diff ids")
            return
        }
        guard diffIDs.count == layers.count else {
            note(
                .malformed, configuration.digest.description,
                "it has \(diffIDs.count) diff ids, the manifest has \(layers.count) layers")
            return
        }
        for (index, layer) in layers.enumerated() where areUsable[index] {
            guard checkedLayers.insert([layer.digest, diffIDs[index].digest]).inserted else { continue }
            if let fault = try check(layer, diffIDs[index]) { note(.wrongLayer, layer.digest.description, fault) }
        }
    }

    private func diffIDs(of configuration: ContentDescriptor) throws -> [DiffID]? {
        guard let bytes = try? store.read(configuration.digest, limit: Self.documentLimit),
            let items = try? JSON(parsing: bytes)["rootfs"]?["diff_ids"]?.items
        else { return nil }
        let diffIDs = items.compactMap { $0.string.flatMap { Digest($0) }.map(DiffID.init) }
        return diffIDs.count == items.count ? diffIDs : nil
    }

    private mutating func note(_ kind: StoreFinding.Kind, _ subject: String, _ explanation: String) {
        findings.append(StoreFinding(kind, subject, explanation))
    }
}

extension ContentDescriptor {
    /// What it says about the bytes alone.
    fileprivate var plain: ContentDescriptor { ContentDescriptor(mediaType: mediaType, digest: digest, size: size) }
}
