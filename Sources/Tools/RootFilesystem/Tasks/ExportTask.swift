import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Hands out a part of the root that layers make together: a file as it is, everything else packed.
struct ExportTask: RootTask {
    static let name = "export"
    private let part: PackTask

    init(layers: [Layer], subtree: TreePath) { part = PackTask(layers: layers, subtree: subtree) }

    init(_ message: TaskMessage) throws { part = try PackTask(message) }

    var message: JSON { part.message }

    func perform(in workplace: Workplace) throws -> JSON {
        let root = try mount(part.layers, for: .reading, in: workplace)
        let place = try part.find(in: root)
        guard let status = try place.parent.entry(place.name), status.format == S_IFREG else {
            let layer = try part.pack(place, in: workplace, isKept: false)
            return ExportedPart(digest: layer.blob, size: layer.size, isExecutable: false).json
        }
        return try copy(place, isExecutable: status.st_mode & S_IXUSR != 0).json
    }

    private func copy(_ place: TreePlace, isExecutable: Bool) throws -> ExportedPart {
        let number = try SystemError.check("open", "/\(part.subtree)") {
            openat(place.parent.number, place.rawName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        let target = try RootDescriptor.layer.taken
        var hasher = DigestHasher()
        var size: UInt64 = 0
        try Descriptor(owning: number).readPieces(of: 1 << 20) { piece in
            hasher.update(piece)
            size += UInt64(piece.count)
            try target.write(piece)
        }
        return ExportedPart(digest: hasher.finish(), size: size, isExecutable: isExecutable)
    }
}
