import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// The contents of a store's layers: read out of the cache, or out of the layer, where nobody has read it before.
public struct LayerContentsCache: Sendable {
    private let store: BlobStore
    /// Each user believes what that user wrote.
    private let directory: String

    private static let longestFile = 2 << 30
    /// More files than this are thinned out to the latest.
    private static let (mostFiles, keptFiles) = (256, 64)

    /// The cache of a store.
    public init(store: BlobStore) {
        self.store = store
        directory = "\(store.cache)/contents/\(Self.user)"
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

    /// The number of this user outside the namespaces of bake's helpers, where a caller may be user 0.
    private static let user: String = {
        let own = geteuid()
        let map = String(decoding: (try? DurableFile.read("/proc/self/uid_map", limit: 65_536)) ?? [], as: UTF8.self)
        for line in map.split(separator: "\n") {
            let numbers = line.split(separator: " ").compactMap { UInt32($0) }
            guard numbers.count == 3, own >= numbers[0], own - numbers[0] < numbers[2] else { continue }
            return String(numbers[1] &+ (own - numbers[0]))
        }
        return String(own)
    }()

    /// What the cache knows of a layer; nil where that is nothing, or damaged, or somebody else's.
    func kept(_ layer: Layer) -> LayerContents? {
        guard isOwn, let bytes = try? DurableFile.read(path(of: layer), limit: Self.longestFile) else { return nil }
        return ContentsFile.read(bytes, of: layer)
    }

    private var isOwn: Bool {
        var status = stat()
        return lstat(directory, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
            && status.st_mode & 0o022 == 0
    }

    /// Two encodings of one tar have members of their own, so the blob is the name.
    private func path(of layer: Layer) -> String { "\(directory)/\(layer.blob.hex)" }

    /// Remembers what a layer holds. Failing to is no harm: the next one reads the layer again.
    func keep(_ contents: LayerContents) { try? write(contents) }

    private func write(_ contents: LayerContents) throws {
        let all = DurableFile.parent(of: directory)
        try DurableFile.makeDirectories(all, mode: 0o700, sharing: .around(all))
        try DurableFile.makeDirectories(directory, mode: 0o700)
        guard isOwn else { return }
        try CacheFile.replace(path(of: contents.layer), with: ContentsFile.bytes(of: contents), mode: 0o600)
        try thinOut()
    }

    private func thinOut() throws {
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
        let names = try? Descriptor.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).sortedNames()
        for name in names ?? [] { unlink("\(directory)/\(String(decoding: name, as: UTF8.self))") }
    }
}
