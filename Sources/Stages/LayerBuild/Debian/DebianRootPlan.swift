import BakeModel
import BlobStorage
import RootFilesystem

/// What to run to make a Debian root, and what to do to it afterwards. Nothing in it depends on the machine, the user or the
/// moment but the paths of the temporary archive and of the output, which leave no trace behind the edits.
///
/// In a user namespace of ids 0 to 65535 mmdebstrap works in its mode `root`, for root and for others alike: mknod is
/// refused, and it does without.
public struct DebianRootPlan: Sendable {
    /// For `RootWorkshop.assemble`.
    public let request: HostBuildRequest
    /// What it installs from; it must live until the program has ended.
    public let repository: DebianRepository

    /// Plans a root from packages that the store has. No network.
    /// - Throws: `DebianFault`, `StoreError`.
    public init(_ locked: LockedPackages, store: BlobStore, machine: DebianMachine) throws {
        let native = try machine.architecture()
        guard locked.architecture == native else {
            throw DebianFault.otherArchitecture(locked: locked.architecture, machine: native)
        }
        for name in ["apt", "base-files", "dpkg", "libc6"] where !locked.closure.contains(where: { $0.name == name }) {
            throw DebianFault.incompleteClosure(name)
        }
        try DebianMachine.Program.mmdebstrap.demand()
        repository = try DebianRepository(of: locked, store: store, machine: machine)
        request = HostBuildRequest(
            program: DebianMachine.Program.mmdebstrap.path, arguments: Self.arguments(locked, repository.path),
            environment: Self.environment, reads: [repository.path],
            edits: DebianScrub.edits(for: locked, standing: repository.standing))
    }

    private static func arguments(_ locked: LockedPackages, _ repository: String) -> [String] {
        let path = repository.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "%20")
        let source = "deb [trusted=yes] copy:\(path) \(locked.suite) main"
        return [
            "--mode=root", "--variant=essential",
            "--format=directory", "--architectures=\(locked.architecture)", "--skip=check/empty",
            "--aptopt=APT::Sandbox::User \"root\"",
        ] + mergingUsr(locked) + [
            "--include=\(locked.closure.map(\.name).joined(separator: ","))", locked.suite, HostBuildRequest.output,
            source,
        ]
    }

    /// The links of a merged /usr, which usr-is-merged demands. mmdebstrap's own hook makes other links where debootstrap is
    /// installed on the machine.
    private static func mergingUsr(_ locked: LockedPackages) -> [String] {
        guard locked.closure.contains(where: { $0.name == "usr-is-merged" }) else { return [] }
        let hasLib64 = ["amd64", "ppc64el", "mips64el"].contains(locked.architecture)
        let names = hasLib64 ? "bin lib lib64 sbin" : "bin lib sbin"
        return ["--setup-hook=for n in \(names); do mkdir -p \"$1/usr/$n\"; ln -s \"usr/$n\" \"$1/$n\"; done"]
    }

    /// HOME is nowhere: dpkg reads the configuration of a user, and of root's on the host. dpkg forces no file to the disk: the
    /// root is packed, or built anew. Of 7,346 calls of fsync(2) for 100 packages 2,154 are left, dpkg's for its own notes.
    private static let environment = [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8", "TZ=UTC",
        "SOURCE_DATE_EPOCH=\(Timestamp.insideImages)", "DEBIAN_FRONTEND=noninteractive",
        "DEBCONF_NONINTERACTIVE_SEEN=true", "DPKG_FORCE=unsafe-io",
    ]
}
