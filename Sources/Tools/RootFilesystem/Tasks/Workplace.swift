import BakeModel
import BlobStorage
import TarArchive

/// Where a task is done, and how what it packs is compressed.
struct Workplace: Sendable {
    /// Where layers come from and go to.
    let store: BlobStore
    /// How hard new layers are compressed.
    let compression: Compression

    init(store: BlobStore, compression: Compression) {
        self.store = store
        self.compression = compression
    }

    /// Reads what `message` wrote.
    init(_ message: TaskMessage) throws {
        store = try BlobStore.open(try message.text("store"), workspace: try message.text("workspace"))
        compression = try message.value("compression") { $0.string.flatMap(Compression.init) }
    }

    /// What the request of a task says of it.
    var members: [String: JSON] {
        [
            "store": .string(store.path), "workspace": .string(store.workspace),
            "compression": .string(compression.rawValue),
        ]
    }
}

extension RootTask {
    /// Its request.
    func request(to workplace: Workplace) -> JSON {
        let members = (message.members ?? [:]).merging(workplace.members) { $1 }
        return .object(members.merging(["task": .string(Self.name)]) { $1 })
    }
}
