import BakeModel
import BakePipeline
import Glibc
import LinuxSystem
import SpecRun

/// A spec on a directory of this machine that is a root. It needs no store.
struct DirectoryTest {
    let session: CommandSession
    let interruption: Interruption

    /// - Parameter path: as it was typed; `/` is the machine itself.
    func verdict(of spec: Spec, in path: String, runs: Int, patience: SpecPatience) throws -> Verdict {
        let directory = try canonical(session.absolute(path))
        // A helper that is killed leaves what its commands started.
        StrayProcesses.adopt()
        defer { StrayProcesses.end() }
        let environment = session.environment.map { "\($0.key)=\($0.value)" }
        return try session.withWorkspace(interruption) { workspace in
            try SpecRunner(
                directoriesIn: "\(workspace)/tmp", program: session.program, environment: environment
            ).run(spec, on: .directory(directory), runs: runs, patience: patience)
        }
    }

    private func canonical(_ path: String) throws -> String {
        guard let found = realpath(path, nil) else { throw SystemError("find", path, number: errno) }
        defer { free(found) }
        let directory = String(cString: found)
        _ = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
        return directory
    }
}
