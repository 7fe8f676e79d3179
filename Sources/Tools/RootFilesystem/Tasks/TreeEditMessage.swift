import BakeModel

extension TreeEdit {
    var message: JSON {
        switch self {
        case .remove(let pattern): ["remove": .string(pattern)]
        case .removeFound(let pattern): ["remove-found": .string(pattern)]
        case .empty(let path): ["empty": path.message]
        case .fill(let path, let bytes): ["fill": path.message, "bytes": .bytes(bytes)]
        case .write(let path, let bytes, let mode):
            ["write": path.message, "bytes": .bytes(bytes), "mode": .number(Int64(mode))]
        case .makeDirectory(let path, let mode, let owner):
            [
                "directory": path.message, "mode": .number(Int64(mode)), "user": .number(Int64(owner.user)),
                "group": .number(Int64(owner.group)),
            ]
        }
    }

    init?(message: JSON) {
        let mode = message["mode"]?.number.flatMap(UInt16.init(exactly:))
        let bytes = message["bytes"]?.byteList
        func path(_ key: String) -> TreePath? { message[key].flatMap(TreePath.init(message:)) }
        func number(_ key: String) -> UInt32? { message[key]?.number.flatMap(UInt32.init(exactly:)) }
        if let pattern = message["remove"]?.string {
            self = .remove(pattern)
        } else if let pattern = message["remove-found"]?.string {
            self = .removeFound(pattern)
        } else if let path = path("empty") {
            self = .empty(path)
        } else if let path = path("fill"), let bytes {
            self = .fill(path, bytes)
        } else if let path = path("write"), let bytes, let mode {
            self = .write(path, bytes, mode: mode)
        } else if let path = path("directory"), let mode, let user = number("user"), let group = number("group") {
            self = .makeDirectory(path, mode: mode, owner: Owner(user: user, group: group))
        } else {
            return nil
        }
    }
}
