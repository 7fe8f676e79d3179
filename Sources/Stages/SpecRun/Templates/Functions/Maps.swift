extension TemplateFunctions {
    /// Sprig's functions of maps. A map here is a value: `set` and `unset` give a changed one.
    static let maps: [String: Function] = [
        "dict": Function(0...Function.many) { a in
            var members: [String: DataValue] = [:]
            for index in stride(from: 0, to: a.count, by: 2) {
                members[a.anyText(index)] = a.values[safely: index + 1] ?? .text("")
            }
            return .map(members)
        },
        "get": Function(2) { try $0.map(0)[try $0.text(1)] ?? .text("") },
        "set": Function(3) { a in
            var members = try a.map(0)
            members[try a.text(1)] = a[2]
            return .map(members)
        },
        "unset": Function(2) { a in
            var members = try a.map(0)
            members[try a.text(1)] = nil
            return .map(members)
        },
        "hasKey": Function(2) { .bool(try $0.map(0)[try $0.text(1)] != nil) },
        "keys": Function(1...Function.many) { a in
            .list(a.values.flatMap { $0.sortedMembers.map { .text($0.key) } })
        },
        "values": Function(1) { .list($0[0].sortedMembers.map(\.value)) },
        "pick": Function(1...Function.many) { a in
            let wanted = Set(a.values.dropFirst())
            return .map(try a.map(0).filter { wanted.contains(.text($0.key)) })
        },
        "omit": Function(1...Function.many) { a in
            let unwanted = Set(a.values.dropFirst())
            return .map(try a.map(0).filter { !unwanted.contains(.text($0.key)) })
        },
        "pluck": Function(1...Function.many) { a in
            let key = try a.text(0)
            return .list(try a.values.indices.dropFirst().compactMap { try a.map($0)[key] })
        },
        // The first map's members win.
        "merge": Function(1...Function.many) { a in
            a.values.reversed().reduce(.map([:])) { $0.merged(with: $1) }
        },
        "mergeOverwrite": Function(1...Function.many) { a in
            a.values.reduce(.map([:])) { $0.merged(with: $1) }
        },
        "deepCopy": Function(1) { $0[0] },
        "dig": Function(3...Function.many) { a in
            var value = a.last
            for index in 0..<(a.count - 2) {
                guard case .map(let members) = value, let member = members[try a.text(index)] else {
                    return a[a.count - 2]
                }
                value = member
            }
            return value
        },
    ]
}
