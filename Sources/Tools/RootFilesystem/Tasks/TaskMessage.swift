import BakeModel
import LinuxSystem

/// The members of a request or answer between bake and its helper. A missing or malformed one is an error that names it.
struct TaskMessage {
    private let json: JSON

    init(_ json: JSON) { self.json = json }

    /// The member, read by `read`.
    func value<Value>(_ key: String, _ read: (JSON) throws -> Value?) throws -> Value {
        guard let value = try json[key].flatMap(read) else { throw TaskMessageError(key: key) }
        return value
    }

    /// The member, or nil where it is absent.
    func optional<Value>(_ key: String, _ read: (JSON) throws -> Value?) throws -> Value? {
        json[key] == nil ? nil : try value(key, read)
    }

    func text(_ key: String) throws -> String { try value(key, \.string) }
    func flag(_ key: String) throws -> Bool { try value(key, \.bool) }
    func number(_ key: String) throws -> Int64 { try value(key, \.number) }

    /// The items of a list, each read by `read`.
    func list<Item>(_ key: String, _ read: (JSON) throws -> Item?) throws -> [Item] {
        try value(key, \.items).map { item in
            guard let item = try read(item) else { throw TaskMessageError(key: key) }
            return item
        }
    }

    func texts(_ key: String) throws -> [String] { try list(key, \.string) }
    func layers(_ key: String) throws -> [Layer] { try list(key, Layer.init) }
}

/// A message that the two sides do not understand alike: a fault of bake's.
struct TaskMessageError: ExplainedError, Hashable {
    let key: String

    var doing: String { "read" }
    var subject: String { "a message between bake and its helper" }
    var reason: String { "its member \(key) is missing or malformed" }
}

extension TreePath {
    /// A list of numbers, because a path need not be text.
    var message: JSON { .bytes(bytes) }

    init?(message: JSON) {
        guard let bytes = message.byteList, let path = try? TreePath(cleaning: bytes) else { return nil }
        self = path
    }
}

extension JSON {
    /// Bytes that need not be text.
    static func bytes(_ bytes: [UInt8]) -> JSON { .array(bytes.map { .number(Int64($0)) }) }

    /// What `bytes` wrote; nil for everything else.
    var byteList: [UInt8]? {
        guard let items else { return nil }
        let bytes = items.compactMap { $0.number.flatMap(UInt8.init(exactly:)) }
        return bytes.count == items.count ? bytes : nil
    }

    /// A list of texts.
    static func texts(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }
}

extension ChildProcess.Ending {
    var message: JSON {
        switch self {
        case .exited(let status): ["exited": .number(Int64(status))]
        case .signalled(let signal): ["signalled": .number(Int64(signal))]
        }
    }

    init?(message: JSON) {
        if let status = message["exited"]?.number.flatMap(Int32.init(exactly:)) {
            self = .exited(status)
        } else if let signal = message["signalled"]?.number.flatMap(Int32.init(exactly:)) {
            self = .signalled(signal)
        } else {
            return nil
        }
    }
}

extension SandboxProgram {
    var message: JSON {
        .record([
            "arguments": .texts(arguments), "environment": .texts(environment),
            "directory": .string(workingDirectory), "user": user.map(JSON.string),
        ])
    }

    init(message: JSON) throws {
        let message = TaskMessage(message)
        self.init(
            try message.texts("arguments"), environment: try message.texts("environment"),
            workingDirectory: try message.text("directory"), user: try message.optional("user", \.string))
    }
}
