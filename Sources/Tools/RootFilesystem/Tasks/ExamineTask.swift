import BakeModel
import BlobStorage
import CLinux
import Glibc
import LinuxSystem

/// Finds out where directories really are in the root that layers make together, and what stands above them.
struct ExamineTask: RootTask {
    static let name = "examine"
    let layers: [Layer]
    let directories: [TreePath]

    init(layers: [Layer], directories: [TreePath]) {
        self.layers = layers
        self.directories = directories
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        directories = try message.list("directories", TreePath.init(message:))
    }

    var message: JSON {
        ["layers": .array(layers.map(\.json)), "directories": .array(directories.map(\.message))]
    }

    func perform(in workplace: Workplace) throws -> JSON {
        let root = try mount(layers, for: .reading, in: workplace)
        let top = try root.open()
        return .array(
            try directories.map { path in
                var resolution = DirectoryResolution { try Self.lookUp($0, in: top) }
                return try resolution.resolve(path).message
            })
    }

    private static func lookUp(_ path: TreePath, in root: Descriptor) throws -> DirectoryResolution.Step {
        let parent = cString(path.parent)
        let number = try SystemError.check("open", "/\(path.parent)") { clinux_find_in_root(root.number, parent) }
        let place = TreePlace(parent: Descriptor(owning: number), path: path)
        guard let status = try place.parent.entry(place.name) else { return .end }
        switch status.format {
        case S_IFLNK: return .link(to: try place.linkTarget())
        case S_IFDIR: return .directory(try place.entry(status, .directory))
        default: return .end
        }
    }
}

extension ExaminedDirectory {
    var message: JSON { ["path": path.message, "existing": .array(existing.map(\.directoryMessage))] }

    init(message: JSON) throws {
        let message = TaskMessage(message)
        self.init(
            path: try message.value("path", TreePath.init(message:)),
            existing: try message.list("existing", TreeEntry.init(directoryMessage:)))
    }
}

extension TreeEntry {
    fileprivate var directoryMessage: JSON {
        [
            "path": path.message, "mode": .number(Int64(mode)), "user": .number(Int64(owner.user)),
            "group": .number(Int64(owner.group)),
            "attributes": .array(attributes.map { ["name": .string($0.name), "value": .bytes($0.value)] }),
        ]
    }

    fileprivate init(directoryMessage message: JSON) throws {
        let message = TaskMessage(message)
        let attributes = try message.list("attributes") { attribute in
            let attribute = TaskMessage(attribute)
            return ExtendedAttribute(
                name: try attribute.text("name"), value: try attribute.value("value", \.byteList))
        }
        let owner = Owner(
            user: try message.value("user") { $0.number.flatMap(UInt32.init(exactly:)) },
            group: try message.value("group") { $0.number.flatMap(UInt32.init(exactly:)) })
        self.init(
            path: try message.value("path", TreePath.init(message:)), kind: .directory,
            mode: try message.value("mode") { $0.number.flatMap(UInt16.init(exactly:)) }, owner: owner,
            attributes: attributes)
    }
}
