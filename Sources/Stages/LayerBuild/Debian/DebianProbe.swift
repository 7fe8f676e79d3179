import BakeModel
import Glibc

extension DebianMachine {
    /// Whether this machine has what `debian:` stages need.
    public func checks() -> [MachineCheck] {
        [.dpkg, .aptGet, .aptFtparchive, .mmdebstrap].map(Self.check) + [suites]
    }

    private static func check(_ program: Program) -> MachineCheck {
        access(program.path, X_OK) == 0
            ? MachineCheck(program.package, .ok, program.path)
            : MachineCheck(
                program.package, .missing, "\(program.path) is not installed",
                remedy: "as root: apt-get install \(program.package)")
    }

    /// The suites that apt's sources name; whether the archives answer is seen when a lock is written.
    private var suites: MachineCheck {
        let name = "apt's suites"
        do {
            let all = try AptSources(directory: configuration).all().map(\.suite)
            guard !all.isEmpty else {
                return MachineCheck(
                    name, .missing, "\(configuration) names no archive",
                    remedy: "as root: echo 'deb MIRROR bookworm main' > "
                        + "\(configuration)/sources.list && apt-get update")
            }
            return MachineCheck(name, .ok, Set(all).sorted().joined(separator: ", "))
        } catch {
            return MachineCheck(name, failed: error)
        }
    }
}
