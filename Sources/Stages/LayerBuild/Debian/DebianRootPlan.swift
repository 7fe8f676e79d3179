import BakeModel
import BlobStorage

/// What to run to make a Debian root, and what to do to it afterwards. Nothing in it depends on the machine, the user or the
/// moment but the paths of the temporary archive and of the output, which the scrub rules remove.
///
/// The program runs in user, mount, process and network namespaces of its own, as user 0 of ids 0 to 65535, umask 022.
/// There mmdebstrap works in its mode `root`: mknod is refused and it does without.
public struct DebianRootPlan: Sendable {
    /// The program, absolute.
    public let program: String
    /// Its arguments; `outputPlaceholder` stands for the directory that it fills.
    public let arguments: [String]
    /// All of its environment.
    public let environment: [String]
    /// What is done to the directory afterwards.
    public let scrub: [ScrubRule]
    /// What it installs from; it must live until the program has ended.
    public let repository: DebianRepository

    /// The argument that stands for the output directory, which must be there and empty.
    public static let outputPlaceholder = "OUTPUT"

    /// The arguments for an output directory.
    public func arguments(output: String) -> [String] { arguments.map { $0 == Self.outputPlaceholder ? output : $0 } }

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
        program = "/bin/sh"
        arguments = Self.arguments(locked, repository: repository.path)
        environment = Self.environment
        scrub = DebianScrub.rules(for: locked, standing: repository.standing)
    }

    /// The shell sets the umask, which mmdebstrap takes as it finds it.
    private static func arguments(_ locked: LockedPackages, repository: String) -> [String] {
        let source =
            "deb [trusted=yes] copy:\(repository.split(separator: " ").joined(separator: "%20")) \(locked.suite) main"
        return [
            "-c", "umask 022; exec \"$@\"", "sh", DebianMachine.Program.mmdebstrap.path, "--mode=root",
            "--variant=essential",
            "--format=directory", "--architectures=\(locked.architecture)", "--skip=check/empty",
            "--aptopt=APT::Sandbox::User \"root\"",
            "--include=\(locked.closure.map(\.name).joined(separator: ","))",
            locked.suite, outputPlaceholder, source,
        ]
    }

    /// HOME is nowhere: dpkg reads the configuration of a user, and of root's on the host.
    private static let environment = [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8", "TZ=UTC",
        "SOURCE_DATE_EPOCH=\(Timestamp.insideImages)", "DEBIAN_FRONTEND=noninteractive",
        "DEBCONF_NONINTERACTIVE_SEEN=true",
    ]
}
