import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// The contents of a store's layers: read out of the cache, or out of the layer, where nobody has read it before.
public struct LayerContentsCache: Sendable {
    private let store: BlobStore
    /// Where each user has a directory.
    private let place: String

    private static let longestFile = 2 << 30
    /// More files than this are thinned out to the latest.
    private static let (mostFiles, keptFiles) = (256, 64)

    /// The cache of a store.
    public init(store: BlobStore) {
        self.store = store
        place = "\(store.cache)/contents"
    }

    /// What a layer holds.
    /// - Parameter hashed: whether the files' digests are needed, too.
    /// - Throws: `ArchiveReadError`, with `otherDigest` where the bytes are not the layer's; `StoreError`; `SystemError`.
    public func contents(of layer: Layer, hashed: Bool = false) throws -> LayerContents {
        if let kept = kept(layer), kept.isHashed || !hashed { return kept }
        let contents = try LayerContents(reading: layer, from: store)
        keep(contents)
        return contents
    }

    /// What the cache knows of a layer; nil where that is nothing, or damaged, or somebody else's.
    func kept(_ layer: Layer) -> LayerContents? {
        guard let directory = ownDirectory(),
            let bytes = try? DurableFile.read(path(of: layer, in: directory), limit: Self.longestFile)
        else { return nil }
        return ContentsFile.read(bytes, of: layer)
    }

    /// Each user believes what that user wrote, and knows it by its owner: in the namespaces of bake's helpers the same
    /// user has another number, so a number in the name would be wrong on one of the two sides.
    private func ownDirectory() -> String? {
        let names = (try? Descriptor.open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).sortedNames()) ?? []
        return names.lazy.map { "\(place)/\(String(decoding: $0, as: UTF8.self))" }.first(where: isOwn)
    }

    private func isOwn(_ directory: String) -> Bool {
        var status = stat()
        return lstat(directory, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
            && status.st_mode & 0o022 == 0
    }

    /// Two that begin at once may make one each: the first name counts from then on.
    private func makeDirectory() throws -> String {
        try DurableFile.makeDirectories(place, mode: 0o700, sharing: .around(place))
        let directory = "\(place)/\(String(UInt64.random(in: .min ... .max), radix: 36))"
        try DurableFile.makeDirectories(directory, mode: 0o700)
        return directory
    }

    /// Two encodings of one tar have members of their own, so the blob is the name.
    private func path(of layer: Layer, in directory: String) -> String { "\(directory)/\(layer.blob.hex)" }

    /// Where the index of a layer lies; nil as long as this user has none.
    func path(of layer: Layer) -> String? { ownDirectory().map { path(of: layer, in: $0) } }

    /// Remembers what a layer holds. Failing to is no harm: the next one reads the layer again.
    func keep(_ contents: LayerContents) { try? write(contents) }

    private func write(_ contents: LayerContents) throws {
        let directory = try ownDirectory() ?? makeDirectory()
        try CacheFile.replace(
            path(of: contents.layer, in: directory), with: ContentsFile.bytes(of: contents), mode: 0o600)
        try thinOut(directory)
    }

    private func thinOut(_ directory: String) throws {
        let names = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY).sortedNames()
            .map { "\(directory)/\(String(decoding: $0, as: UTF8.self))" }
        guard names.count > Self.mostFiles else { return }
        let dated = names.map { name -> (name: String, time: Int) in
            var status = stat()
            return (name, lstat(name, &status) == 0 ? status.st_mtim.tv_sec : 0)
        }
        for file in dated.sorted(by: { $0.time > $1.time }).dropFirst(Self.keptFiles) { unlink(file.name) }
    }

    /// Forgets everything.
    func removeAll() {
        guard let directory = ownDirectory() else { return }
        let names = try? Descriptor.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).sortedNames()
        for name in names ?? [] { unlink("\(directory)/\(String(decoding: name, as: UTF8.self))") }
    }
}
