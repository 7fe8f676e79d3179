import BakeModel

/// A service of the image, as Debian's two kinds of files say it: unit files of systemd, scripts of System V's init. No
/// init runs in an image: what is enabled is read from links, and a service runs where its program does.
struct ServiceState: ResourceState {
    let name: String
    let root: ImageRoot
    /// Whether a program runs in the image; nil where the image's process was not started.
    let isRunning: ((String) throws -> Bool)?

    private static let unitDirectories = [
        "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
        "/lib/systemd/system",
    ]
    /// Where an administrator's and a package's wishes are kept, not what systemd itself is made of.
    private static let wishDirectories = ["/etc/systemd/system", "/run/systemd/system"]
    /// Programs that run others: that one of them runs says nothing about a service.
    private static let launchers: Set<String> = ["sh", "bash", "dash", "env", "true", "false", "start-stop-daemon"]
    /// How many bytes of a program's name the kernel keeps. TASK_COMM_LEN of sched.h, without the end.
    private static let longestCommand = 15

    func value(of property: Property) throws -> FoundValue {
        switch property {
        case .enabled: return .bool(try isValid && isEnabled())
        case .runlevels: return .texts(isValid ? try runlevels() : [])
        case .running:
            guard let isRunning else { throw NoProcess() }
            return .bool(try isValid && programs().contains { try isRunning(String($0.prefix(Self.longestCommand))) })
        default: throw StateError.unasked(property, of: name)
        }
    }

    /// A name with a slash would be a path, and is no service. goss's `invalidService`.
    private var isValid: Bool { !name.contains("/") && !name.isEmpty }

    private var unit: String { name.contains(".") ? name : "\(name).service" }

    private func isEnabled() throws -> Bool {
        let names = Set([unit, try aliased()].compactMap { $0 })
        for directory in Self.wishDirectories {
            if try root.linkTargetIfPresent(of: "\(directory)/\(unit)").map({ $0.elementsEqual("/dev/null".utf8) })
                == true
            {
                return false
            }
            for wish in try root.names(in: directory) where wish.hasSuffix(".wants") || wish.hasSuffix(".requires") {
                for name in names where try root.status(of: "\(directory)/\(wish)/\(name)") != nil { return true }
            }
        }
        return try !runlevels().isEmpty
    }

    /// The unit that this name is another name of: a link to its file.
    private func aliased() throws -> String? {
        for directory in Self.unitDirectories {
            guard let target = try root.linkTargetIfPresent(of: "\(directory)/\(unit)") else { continue }
            return String(decoding: target, as: UTF8.self).split(separator: "/").last.map(String.init)
        }
        return nil
    }

    /// The levels of `/etc/rcN.d/SnnNAME`, and Alpine's of `/etc/runlevels/LEVEL/NAME`.
    private func runlevels() throws -> [String] {
        let system = try ["0", "1", "2", "3", "4", "5", "6", "S"].filter { level in
            try root.names(in: "/etc/rc\(level).d").contains { link in
                link.hasPrefix("S") && link.dropFirst().prefix(2).allSatisfy { $0.isASCII && $0.isNumber }
                    && link.dropFirst(3) == name
            }
        }
        let alpine = try root.names(in: "/etc/runlevels").filter {
            try root.status(of: "/etc/runlevels/\($0)/\(name)") != nil
        }
        return system + alpine
    }

    /// The names of the programs that it may be: of its unit file, of its script, and its own.
    private func programs() throws -> [String] {
        var names = [name]
        for directory in Self.unitDirectories {
            guard let text = try root.contentsIfPresent(of: "\(directory)/\(try aliased() ?? unit)") else { continue }
            names += Self.values(of: "ExecStart=", in: text).map { String($0.drop { "@-:+!".contains($0) }) }
            break
        }
        if let script = try root.contentsIfPresent(of: "/etc/init.d/\(name)") {
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
