import BakeModel

/// Asks of one target what files of a spec ask.
struct SpecJudgement {
    let target: SpecTarget
    /// How long what is asked of the running image may take to become so.
    let patience: SpecPatience
    /// Its own process, where that runs already and is ended by somebody else.
    var service: (any ImageService)?

    /// What goss files ask, together, so that the image's process is started once.
    func verdict(on file: SpecFile) throws -> Verdict {
        if file.resources.isEmpty { return Verdict(checks: []) }
        // On a machine nothing is started, so nothing is waited for.
        let isStarted = target.processes is SandboxProcesses
        return SpecSuite(
            spec: file, image: ImageState(try root(), hidesOwners: target.hidesOwners), processes: target.processes,
            patience: patience, service: service,
            settling: isStarted ? Settling(for: file.resources, ports: target.configuration.ports) : nil
        ).verdict()
    }

    /// What a file in container-structure-test's vocabulary asks.
    func verdict(on file: StructureFile) throws -> Verdict {
        let suite = StructureSuite(
            file: file, root: try root(), configuration: target.configuration, processes: target.processes)
        return Verdict(checks: suite.checks())
    }

    private func root() throws -> MountedRoot { try MountedRoot(at: target.path) }
}

extension Spec {
    /// Its goss files as one.
    var gossFile: SpecFile {
        SpecFile(joining: parts.compactMap { part in if case .goss(let file) = part { file } else { nil } })
    }
}

extension Verdict {
    /// What several verdicts say, one after the other.
    init(joining verdicts: [Verdict]) {
        let outputs = verdicts.compactMap(\.output)
        self.init(
            checks: verdicts.flatMap(\.checks), output: outputs.isEmpty ? nil : outputs.joined(separator: "\n"))
    }
}
