import BakeModel

/// The packages that a root has, as its own dpkg notes them.
public struct InstalledPackages: Sendable {
    /// The whole text of `/var/lib/dpkg/status`.
    let status: String
    /// The suite by its name, as `/etc/os-release` has it; nil where it does not say.
    public let suite: String?
    /// The list of what is installed.
    public let list: PackageList
    /// The version of every package that is installed, by name.
    let versions: [String: String]

    /// The paths of a root that this is read from.
    static let statusFile = path("var/lib/dpkg/status")
    static let release = path("etc/os-release")

    /// Reads what a root notes.
    init(status: String, release: String) {
        self.status = status
        let line = release.split(separator: "\n").first { $0.hasPrefix("VERSION_CODENAME=") }
        suite = line.map { $0.dropFirst("VERSION_CODENAME=".count).filter { $0 != "\"" } }
        let installed = PackageNotes(parsing: Array(status.utf8)).packages.filter(\.isInstalled)
        versions = Dictionary(installed.map { ($0.name, $0.version) }) { $1 }
        list = PackageList(installed.map { PackageList.line($0.name, $0.architecture, $0.version) })
    }

    private static func path(_ text: String) -> TreePath { (try? TreePath(cleaning: text)) ?? .root }
}

extension StageBuilder {
    /// The packages of the root that a stage starts from.
    /// - Throws: `DebianFault.noDatabase` for a root without dpkg's.
    public func installedPackages(of root: BuiltStage) throws -> InstalledPackages {
        let files = try workshop.read(
            root.rootLayers, files: [InstalledPackages.statusFile, InstalledPackages.release], limit: 64 << 20)
        guard let status = files[InstalledPackages.statusFile] else { throw DebianFault.noDatabase }
        return InstalledPackages(status: status, release: files[InstalledPackages.release] ?? "")
    }
}
