import BakeModel
import Clibgit2

/// The objects of a repository, ready to be packed: as they are stored where that can be, else deflated anew.
final class PackedObjects {
    private let repository: OpenRepository
    private let packs: [StoredPack]
    private let deflater: ObjectDeflater

    init(of repository: OpenRepository, packs: [StoredPack]) throws {
        guard let deflater = ObjectDeflater() else { throw GitProtocolError(subject: "memory for libdeflate") }
        self.repository = repository
        self.packs = packs
        self.deflater = deflater
    }

    /// Writes a pack of these objects.
    /// - Parameter directory: the `objects/pack` in which it appears.
    func write(_ ids: [ObjectID], to directory: String) throws {
        let pack = try PackWriter(in: directory, count: ids.count)
        for id in ids { try pack.add(object(id)) }
        try pack.finish()
    }

    private func object(_ id: ObjectID) throws -> PackedObject {
        for pack in packs { if let object = pack.object(id, deflater) { return object } }
        let (kind, bytes) = try LibGit.object(id, in: repository.objects.pointer)
        return PackedObject(id: id, kind: kind, size: bytes.count, deflated: deflater.deflate(bytes))
    }
}

extension LibGit {
    /// Whether an object is there.
    static func holds(_ id: ObjectID, _ objects: OpaquePointer) throws -> Bool {
        var oid = try oid(id)
        return git_odb_exists(objects, &oid) == 1
    }

    /// An object, proved by its name.
    static func object(_ id: ObjectID, in objects: OpaquePointer) throws -> (kind: ObjectKind, bytes: [UInt8]) {
        var oid = try oid(id)
        let object = try Handle("read the git object", id.hex, free: git_odb_object_free) {
            git_odb_read(&$0, objects, &oid)
        }
        let bytes = UnsafeRawBufferPointer(
            start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer))
        let kind = try ObjectKind(git_odb_object_type(object.pointer), id)
        var hasher = ObjectHasher(kind: kind, size: bytes.count)
        hasher.update(bytes)
        let found = hasher.finish()
        guard found == id else { throw ObjectError.wrongHash(id, found: found) }
        return (kind, Array(bytes))
    }
}
