import BakeModel

/// Finds the image for one architecture among those of an index, and of the indexes in it.
/// OCI image specification 1.1, "Image Index"; Docker's manifest list has the same members.
struct ForeignIndex {
    private let documents: any ForeignDocuments
    private let architecture: String

    init(_ documents: any ForeignDocuments, architecture: String) {
        self.documents = documents
        self.architecture = architecture
    }

    /// The image's manifest that a digest leads to: itself, or one of the index that it names.
    func manifest(from digest: Digest) throws -> (digest: Digest, document: JSON) {
        try manifest(from: digest, depth: 0)
    }

    /// The digest of the image that a reference names in an index; of the only image where it is nil.
    func entry(named reference: String?, in index: JSON) throws -> Digest {
        guard let all = index["manifests"]?.items else { throw refused("its index.json has no list of manifests") }
        let named = all.filter { entry in
            let name = entry["annotations"]?["org.opencontainers.image.ref.name"]?.string
            return reference == nil ? entry["artifactType"] == nil : name == reference
        }
        guard !named.isEmpty else { throw refused("it has no image\(reference.map { " named \($0)" } ?? "")") }
        let fitting = named.count == 1 ? named : named.filter(fits)
        guard fitting.count == 1 else { throw refused("it has several images; name one behind a colon") }
        return try digest(of: fitting[0])
    }

    private func manifest(from digest: Digest, depth: Int) throws -> (digest: Digest, document: JSON) {
        let document = try document(digest)
        // A document that is both means different images to different readers (CVE-2021-41190).
        guard document["manifests"] == nil || (document["layers"] == nil && document["config"] == nil) else {
            throw refused("\(digest) is a manifest and an index at once")
        }
        guard let entries = document["manifests"]?.items else {
            guard document["layers"]?.items != nil else { throw refused("\(digest) is no image manifest") }
            return (digest, document)
        }
        guard depth < ForeignLimit.depth else { throw refused("its indexes nest more than \(depth) deep") }
        return try manifest(from: try choice(among: entries), depth: depth + 1)
    }

    /// The first that fits, one without a variant before others; where none says what it is for, the only one.
    private func choice(among entries: [JSON]) throws -> Digest {
        let images = entries.filter { $0["artifactType"] == nil }
        let fitting = images.filter(fits)
        if let found = fitting.first(where: { $0["platform"]?["variant"] == nil }) ?? fitting.first {
            return try digest(of: found)
        }
        if images.count == 1, images[0]["platform"] == nil { return try digest(of: images[0]) }
        let platforms = images.compactMap { $0["platform"] }.map { platform in
            "\(platform["os"]?.string ?? "?")/\(platform["architecture"]?.string ?? "?")"
        }
        let others = Set(platforms).subtracting(["unknown/unknown"]).sorted().prefix(20)
        let list = others.isEmpty ? "does not say what its images are for" : "has \(others.joined(separator: ", "))"
        throw refused("it has no image for linux/\(architecture); it \(list)")
    }

    private func fits(_ entry: JSON) -> Bool {
        entry["platform"]?["os"]?.string == "linux" && entry["platform"]?["architecture"]?.string == architecture
    }

    private func digest(of entry: JSON) throws -> Digest {
        guard let digest = entry["digest"]?.namedDigest else { throw refused("an entry of it has no SHA-256") }
        return digest
    }

    private func document(_ digest: Digest) throws -> JSON {
        let bytes = try documents.manifest(digest)
        guard Digest.of(bytes) == digest else { throw refused("the bytes of \(digest) are others") }
        do { return try JSON(parsing: bytes) } catch { throw refused("\(digest) is no JSON") }
    }

    private func refused(_ why: String) -> LayerFault { .unusableImport(documents.name, why) }
}
