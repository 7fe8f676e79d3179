import BakeModel
import Glibc

/// Finds units among the directories where systemd looks for them, and tells their states as `systemctl is-enabled` does.
/// src/shared/install.c of systemd 252.
struct UnitFileSearch {
    private let root: any ImageRoot
    private let directories: [String]

    /// Where the administrator's links are.
    static let configuration = "/etc/systemd/system"
    /// Units made of other files while the machine starts.
    private static let generated = [
        "/run/systemd/generator.early", "/run/systemd/generator", "/run/systemd/generator.late",
    ]
    /// The first one that has a unit counts.
    private static let all = [
        "/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient",
        "/run/systemd/generator.early", configuration, "/etc/systemd/system.attached", "/run/systemd/system",
        "/run/systemd/system.attached", "/run/systemd/generator", "/usr/local/lib/systemd/system",
        "/lib/systemd/system", "/usr/lib/systemd/system", "/run/systemd/generator.late",
    ]
    /// How many links lead to a unit at most. UNIT_FILE_FOLLOW_SYMLINK_MAX.
    private static let mostLinks = 64

    /// - Parameter withGenerated: whether units count that a generator made.
    init(_ root: any ImageRoot, withGenerated: Bool = true) {
        self.root = root
        directories = withGenerated ? Self.all : Self.all.filter { !Self.generated.contains($0) }
    }

    /// The unit of a name, every alias followed; nil where there is none, or the links lead nowhere.
    func unit(called name: UnitName) throws -> UnitFile? {
        var name = name
        guard var path = try file(of: name) else { return nil }
        for _ in 0..<Self.mostLinks {
            guard let target = try root.linkTargetIfPresent(of: path) else { return try read(path, as: name) }
            let destination = Self.absolute(target, from: path)
            if try isMask(destination) { return UnitFile(name: name, path: path, text: nil) }
            let (directory, base) = Self.split(destination)
            // An instance goes on as the instance of the other template.
            let next = name.instanceName.flatMap { UnitName(base).instance($0) } ?? UnitName(base)
            guard directories.contains(directory), next != name else {
                path = destination
                continue
            }
            guard let file = try file(of: next) else { return nil }
            (name, path) = (next, file)
        }
        return nil
    }

    /// What `systemctl is-enabled` says of a unit.
    func state(of name: UnitName) throws -> UnitFileState {
        guard let unit = try unit(called: name) else { return .notFound }
        if unit.text == nil { return .masked }
        if Self.split(unit.path).base != name.text, unit.name.template == nil { return .alias }
        if Self.generated.contains(Self.split(unit.path).directory) { return .generated }
        let links = UnitLinks(root: root, directories: directories, unit: unit)
        if let state = try links.state(knownOnly: true) { return state }
        // A link by another name: it may be used by that.
        if try links.state(knownOnly: false) != nil { return .indirect }
        if unit.hasRules { return .disabled }
        return unit.others.isEmpty ? .static : .indirect
    }

    /// The first directory that has the name; an instance's template where none has it.
    private func file(of name: UnitName) throws -> String? {
        for candidate in [name, name.template].compactMap({ $0 }) {
            for directory in directories {
                let path = "\(directory)/\(candidate.text)"
                if try root.status(of: path) != nil { return path }
            }
        }
        return nil
    }

    private func read(_ path: String, as name: UnitName) throws -> UnitFile? {
        guard let status = try root.status(of: path) else { return nil }
        if status.kind == S_IFCHR { return UnitFile(name: name, path: path, text: nil) }
        guard status.kind == S_IFREG else { return nil }
        let text = try root.contents(of: path)
        if text.isEmpty { return UnitFile(name: name, path: path, text: nil) }
        var unit = UnitFile(name: name, path: path, text: text)
        for path in try dropIns(of: name) { unit.add(try root.contentsIfPresent(of: path) ?? []) }
        return unit
    }

    /// The files `NAME.d/*.conf` in the order of their names; of those with one name the first directory's.
    private func dropIns(of name: UnitName) throws -> [String] {
        var paths: [String: String] = [:]
        for owner in [name, name.template].compactMap({ $0 }) {
            for directory in directories {
                let place = "\(directory)/\(owner.text).d"
                for file in try root.names(in: place) where file.hasSuffix(".conf") && paths[file] == nil {
                    paths[file] = "\(place)/\(file)"
                }
            }
        }
        return paths.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
    }

    /// An empty file, or no file at all.
    private func isMask(_ path: String) throws -> Bool {
        if path == "/dev/null" { return true }
        guard let status = try root.targetStatus(of: path) else { return false }
        return status.kind == S_IFCHR || (status.kind == S_IFREG && status.size == 0)
    }

    /// A link's target from the root, cleaned as text.
    static func absolute(_ target: [UInt8], from link: String) -> String {
        let text = String(decoding: target, as: UTF8.self)
        let whole = text.hasPrefix("/") ? text : "\(split(link).directory)/\(text)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    static func split(_ path: String) -> (directory: String, base: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
