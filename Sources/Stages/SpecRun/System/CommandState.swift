/// A command that ran in the image.
struct CommandState: ResourceState {
    let script: String
    let outcome: Result<CommandOutcome, any Error>

    /// Runs it.
    init(_ request: CommandRequest, _ processes: any ImageProcesses, besideService: Bool) {
        script = request.script
        outcome = Result { try processes.run(request.script, timeout: request.timeout, besideService: besideService) }
    }

    func value(of property: Property) throws -> FoundValue {
        let outcome = try outcome.get()
        switch property {
        case .exitStatus:
            // -1 for a shell that a signal ended, as Go's `WaitStatus.ExitStatus` has it.
            if case .exited(let status) = outcome.ending { return .number(Int64(status)) }
            return .number(-1)
        case .stdout: return .text(outcome.output)
        case .stderr: return .text(outcome.errors)
        default: throw StateError.unasked(property, of: script)
        }
    }
}
