import BakeModel
import Glibc

/// What manages the services of an image, chosen as goss chooses it: by the programs and marks of the image.
/// goss's `DetectService`.
struct ServiceManager {
    /// The kinds that goss tells apart.
    enum Kind: Hashable {
        /// `systemctl` is there; before Debian 9 scripts count beside its units.
        case systemd(isLegacy: Bool)
        /// Ubuntu without systemd.
        case upstart
        /// Alpine's run levels.
        case openRC
        /// Scripts with links in `/etc/rcN.d`.
        case systemV
    }

    let kind: Kind
    private let root: any ImageRoot
    private let scripts: SystemVScripts

    private static let programDirectories = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    /// Looks which one it is.
    init(of root: any ImageRoot) throws {
        self.root = root
        scripts = SystemVScripts(root)
        if try Self.programDirectories.contains(where: { try root.isProgram("\($0)/systemctl") }) {
            kind = .systemd(isLegacy: try Self.debianMajor(root).map { $0 < 9 } ?? false)
        } else {
            kind = try Self.kindByDistribution(root)
        }
    }

    /// Whether a service is started when the image's machine starts.
    func isEnabled(_ name: String) throws -> Bool {
        switch kind {
        case .systemd(let isLegacy):
            if try isEnabledUnit(UnitName(name)) { return true }
            return try isLegacy && !scripts.runlevels(of: name).isEmpty
        case .upstart: return try isEnabledJob(name)
        case .openRC, .systemV: return try !runlevels(of: name).isEmpty
        }
    }

    /// The run levels in which it is started; systemd has none.
    func runlevels(of name: String) throws -> [String] {
        switch kind {
        case .systemd: []
        case .upstart, .systemV: try scripts.runlevels(of: name)
        case .openRC:
            try root.names(in: "/etc/runlevels").filter { try root.status(of: "/etc/runlevels/\($0)/\(name)") != nil }
        }
    }

    /// systemctl(1) asks the scripts where no unit file has the name, also where the generator would make one of a script.
    private func isEnabledUnit(_ name: UnitName) throws -> Bool {
        if name.type == "service", try UnitFileSearch(root, withGenerated: false).unit(called: name) == nil,
            try scripts.exists(name.stem)
        {
            return try scripts.isStarted(name.stem)
        }
        return try UnitFileSearch(root).state(of: name).isEnabled
    }

    /// `start on` in the job's file, and no `manual` in its override.
    private func isEnabledJob(_ name: String) throws -> Bool {
        if try lines(of: "/etc/init/\(name).override").contains(where: { $0.hasPrefix("manual") }) { return false }
        let starts = try lines(of: "/etc/init/\(name).conf").contains { line in
            line.drop { $0 == " " || $0 == "\t" }.hasPrefix("start on")
        }
        return try starts || !scripts.runlevels(of: name).isEmpty
    }

    private func lines(of path: String) throws -> [Substring] {
        String(decoding: try root.contentsIfPresent(of: path) ?? [], as: UTF8.self).split(whereSeparator: \.isNewline)
    }

    private static func kindByDistribution(_ root: any ImageRoot) throws -> Kind {
        let mark = try root.contentsIfPresent(of: "/etc/lsb-release") ?? []
        if mark.containsSequence(Array("Ubuntu".utf8)) { return .upstart }
        if try root.exists("/etc/redhat-release") || root.exists("/etc/system-release") { return .systemV }
        return try root.exists("/etc/alpine-release") ? .openRC : .systemV
    }

    /// The number before the point in `/etc/debian_version`; nil for other images, and for Debian's future releases.
    private static func debianMajor(_ root: any ImageRoot) throws -> Int? {
        let text = String(decoding: try root.contentsIfPresent(of: "/etc/debian_version") ?? [], as: UTF8.self)
        guard let point = text.firstIndex(of: ".") else { return nil }
        return Int(text[..<point])
    }
}
