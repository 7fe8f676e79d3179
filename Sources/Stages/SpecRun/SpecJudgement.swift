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
        let (configuration, options) = (target.configuration, file.options)
        guard options.hasTerminal || !options.mounts.isEmpty else {
            let suite = StructureSuite(file: file, configuration: configuration, processes: target.processes)
            return Verdict(checks: suite.checks(in: try root()))
        }
        guard var sandboxes = target.processes as? SandboxProcesses else { throw UnlendableRoot(path: target.path) }
        sandboxes.binds += options.mounts
        let suite = StructureSuite(file: file, configuration: configuration, processes: sandboxes)
        return Verdict(checks: suite.checks { Self.fileChecks(of: suite, sandboxes) })
    }

    /// Files with what of the machine appears among them.
    private static func fileChecks(of suite: StructureSuite, _ sandboxes: SandboxProcesses) -> [Verdict.Check] {
        if !suite.file.asksFiles { return [] }
        do { return try sandboxes.look { suite.fileChecks(in: $0) } } catch {
            return suite.fileChecks(failing: error)
        }
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
