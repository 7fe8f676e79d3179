import BakeModel

/// A service of the image. What is enabled is read from the files that its service manager would read; no such manager
/// runs in an image, so a service runs where its program does.
struct ServiceState: ResourceState {
    let name: String
    let root: any ImageRoot
    /// Whether a program runs in the image; nil where the image's process was not started.
    let isRunning: ((String) throws -> Bool)?

    /// Programs that run others: that one of them runs says nothing about a service.
    private static let launchers: Set<String> = ["sh", "bash", "dash", "env", "true", "false", "start-stop-daemon"]
    /// How many bytes of a program's name the kernel keeps. TASK_COMM_LEN of sched.h, without the end.
    private static let longestCommand = 15

    func value(of property: Property) throws -> FoundValue {
        switch property {
        case .enabled: return .bool(try isValid && manager().isEnabled(name))
        case .runlevels: return .texts(isValid ? try manager().runlevels(of: name) : [])
        case .running:
            guard let isRunning else { throw NoProcess() }
            return .bool(try isValid && programs().contains { try isRunning(String($0.prefix(Self.longestCommand))) })
        default: throw StateError.unasked(property, of: name)
        }
    }

    /// A name with a slash would be a path, and is no service. goss's `invalidService`.
    private var isValid: Bool { !name.utf8.contains(UInt8(ascii: "/")) && !name.isEmpty }

    private func manager() throws -> ServiceManager { try ServiceManager(of: root) }

    /// The names of the programs that it may be: of its unit file, of its script, and its own.
    private func programs() throws -> [String] {
        var names = [name]
        if let unit = try UnitFileSearch(root).unit(called: UnitName(name)), let text = unit.text {
            names += Self.values(of: "ExecStart=", in: text).map { String($0.drop { "@-:+!".contains($0) }) }
        }
        if let script = try root.contentsIfPresent(of: "\(SystemVScripts.directory)/\(name)") {
            names += Self.values(of: "DAEMON=", in: script)
        }
        let programs = names.compactMap { $0.split(separator: "/").last.map(String.init) }
        return Array(Set(programs).subtracting(Self.launchers))
    }

    /// The first words behind a key at the start of a line.
    private static func values(of key: String, in text: [UInt8]) -> [String] {
        String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard line.hasPrefix(key) else { return nil }
            let value = line.dropFirst(key.count).drop { "\"' ".contains($0) }
            let word = value.prefix { !"\"' \t;".contains($0) }
            return word.isEmpty ? nil : String(word)
        }
    }
}
