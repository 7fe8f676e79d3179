import BakeModel
import BlobStorage
import CLinux
import Glibc
import LinuxSystem

/// Reads small files of the root that layers make together.
struct ReadTask: RootTask {
    static let name = "read"
    let layers: [Layer]
    let files: [TreePath]
    let limit: Int

    init(layers: [Layer], files: [TreePath], limit: Int) {
        self.layers = layers
        self.files = files
        self.limit = limit
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        files = try message.list("files", TreePath.init(message:))
        limit = Int(try message.number("limit"))
    }

    var message: JSON {
        [
            "layers": .array(layers.map(\.json)), "files": .array(files.map(\.message)),
            "limit": .number(Int64(limit)),
        ]
    }

    /// The text of each file; null for one that is not there.
    func perform(in workplace: Workplace) throws -> JSON {
        let root = try mount(layers, for: .reading, in: workplace)
        let top = try root.open()
        return .array(try files.map { try read($0, in: top).map { .string($0) } ?? .null })
    }

    private func read(_ path: TreePath, in root: Descriptor) throws -> String? {
        let raw = cString(path)
        let number = clinux_open_in_root(root.number, raw, O_RDONLY | O_NONBLOCK, 0)
        guard number >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw SystemError("open", "/\(path)")
        }
        return String(decoding: try Descriptor(owning: number).readAll(limit: limit), as: UTF8.self)
    }
}
