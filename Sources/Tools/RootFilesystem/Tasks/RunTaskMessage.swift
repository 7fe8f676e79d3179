import BakeModel

extension RunRequest.Result {
    var message: JSON {
        switch self {
        case .changes: "changes"
        case .nothing: "nothing"
        case .outputs(let paths): .array(paths.map(\.message))
        }
    }

    init?(message: JSON) {
        switch message {
        case "changes": self = .changes
        case "nothing": self = .nothing
        case .array(let items):
            let paths = items.compactMap(TreePath.init(message:))
            guard paths.count == items.count else { return nil }
            self = .outputs(paths)
        default: return nil
        }
    }
}

extension SandboxLimits {
    var message: JSON {
        .record([
            "memory": memory.map { .number(Int64(clamping: $0)) }, "processes": .number(Int64(processes)),
            "milliseconds": .number(Int64(seconds * 1000)),
        ])
    }

    init(message: JSON) throws {
        let message = TaskMessage(message)
        self.init(
            memory: try message.optional("memory") { $0.number.flatMap(UInt64.init(exactly:)) },
            processes: Int(try message.number("processes")), seconds: Double(try message.number("milliseconds")) / 1000)
    }
}

extension SandboxSecret {
    var message: JSON { ["name": .string(name), "bytes": .bytes(bytes), "place": .string(place.rawValue)] }

    init(message: JSON) throws {
        let message = TaskMessage(message)
        try self.init(
            name: try message.text("name"), bytes: try message.value("bytes", \.byteList),
            place: try message.value("place") { $0.string.flatMap(Place.init(rawValue:)) })
    }
}
