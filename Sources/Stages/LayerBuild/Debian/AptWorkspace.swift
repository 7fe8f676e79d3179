import BakeModel
import Glibc
import LinuxSystem

/// An apt with a state of its own: the installed packages of a root, or none, and only the sources it is given. What the
/// machine configures of how to reach archives (proxies, credentials, checks) stays as it is.
final class AptWorkspace {
    private let machine: DebianMachine
    private let directory: PrivateDirectory
    private let configuration: String

    /// - Parameter status: dpkg's list of the packages that are installed.
    init(_ machine: DebianMachine, architecture: String, status: String = "") throws {
        self.machine = machine
        directory = try PrivateDirectory(in: machine.temporary)
        for name in ["state/lists/partial", "cache/archives/partial", "sources", "log"] {
            _ = try directory.directory(name)
        }
        try directory.file("status", status)
        try directory.file("preferences", "")
        configuration = try directory.file("apt.conf", Self.configuration(directory.path, architecture))
    }

    /// Given with `-c`, because that file is read last: `APT_CONFIG` is read before the machine's own files. The machine's
    /// hooks are cleared: some delete files, some index.
    private static func configuration(_ path: String, _ architecture: String) -> String {
        """
        #clear APT::Architectures;
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear APT::Update::Post-Invoke-Stats;
        #clear DPkg::Pre-Install-Pkgs;
        #clear Dir::Etc::sourcelist;
        APT::Architecture "\(architecture)";
        APT::Architectures { "\(architecture)"; };
        APT::Install-Recommends "false";
        APT::Install-Suggests "false";
        APT::Default-Release "";
        APT::Solver "internal";
        APT::Cmd::Pattern-Only "true";
        APT::Get::Show-User-Simulation-Note "false";
        Dir::State "\(path)/state";
        Dir::State::lists "\(path)/state/lists";
        Dir::State::status "\(path)/status";
        Dir::State::extended_states "\(path)/state/extended_states";
        Dir::Cache "\(path)/cache";
        Dir::Cache::archives "\(path)/cache/archives";
        Dir::Log "\(path)/log";
        Dir::Etc::sourcelist "/dev/null";
        Dir::Etc::sourceparts "\(path)/sources";
        Dir::Etc::preferences "\(path)/preferences";
        Dir::Etc::preferencesparts "/dev/null";
        Acquire::Languages "none";
        Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
        Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled "false";
        Acquire::http::Timeout "15";
        Acquire::https::Timeout "15";
        Acquire::Retries "1";

        """
    }

    /// The archives that it reads from now on.
    func use(_ sources: [DebianSource]) throws {
        try directory.file("sources/debian.sources", sources.map(\.paragraph).joined(separator: "\n"))
    }

    /// Keeps a keyring for `signed-by`, and returns its path. apt tells the two formats apart by the name's ending.
    func keyring(_ bytes: [UInt8]) throws -> String {
        let isArmoured = bytes.starts(with: Array("-----BEGIN".utf8))
        let path = "\(directory.path)/keyring.\(isArmoured ? "asc" : "gpg")"
        try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644).write(bytes)
        return path
    }

    /// Reads the indexes of one more archive, and of that alone.
    func add(_ source: DebianSource) throws {
        let part = try directory.file("sources/kept.sources", source.paragraph)
        let alone = ["Dir::Etc::sourcelist=\(part)", "Dir::Etc::sourceparts=/dev/null", "APT::Get::List-Cleanup=false"]
        _ = try run(.aptGet, ["update", "-q"] + alone.flatMap { ["-o", $0] })
    }

    /// Lets these packages have no other version than these, where an archive has it. Priorities above 1000 win over every
    /// other. Source: apt_preferences(5).
    func pin(_ versions: [String: String]) throws {
        let paragraphs = versions.sorted { $0.key < $1.key }.map {
            "Package: \($0.key)\nPin: version \($0.value)\nPin-Priority: 1001\n"
        }
        try directory.file("preferences", paragraphs.joined(separator: "\n"))
    }

    /// Takes a `.deb` in, and returns the path by which apt is asked to install it.
    func take(_ file: PackageFile) throws -> String {
        _ = try directory.directory("local")
        let path = "\(directory.path)/local/\(file.control.name).deb"
        let copy = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
        try file.bytes.withUnsafeBytes { try copy.write($0) }
        return path
    }

    /// Runs one of apt's programs with this state.
    func attempt(_ program: DebianMachine.Program, _ arguments: [String]) throws -> CompletedProcess {
        try machine.attempt(program, ["-c", configuration] + arguments)
    }

    /// Runs one of apt's programs with this state; it must succeed.
    func run(_ program: DebianMachine.Program, _ arguments: [String]) throws -> CompletedProcess {
        try machine.run(program, ["-c", configuration] + arguments)
    }
}
