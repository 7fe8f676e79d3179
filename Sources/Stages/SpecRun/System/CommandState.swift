/// A command that ran in the image.
struct CommandState: ResourceState {
    let outcome: Result<CommandOutcome, any Error>

    /// Runs it.
    init(_ request: CommandRequest, on runner: any ProgramRunner) {
        outcome = Result { try runner.run(request.program, timeout: request.timeout) }
    }

    func value(of property: Property) throws -> FoundValue {
        let outcome = try outcome.get()
        switch property {
        case .exitStatus: return .number(outcome.ending.gossStatus)
        case .stdout: return .text(outcome.output)
        case .stderr: return .text(outcome.errors)
        default: throw StateError.unasked(property, of: "the command")
        }
    }

    func remark(on property: Property) -> String? {
        property == .exitStatus ? (try? outcome.get())?.ending.signalRemark : nil
    }

    /// A number says little about why a command failed; what it wrote last mostly does.
    func background(of property: Property) -> String? {
        guard property == .exitStatus, let outcome = try? outcome.get() else { return nil }
        let lines = [outcome.errors, outcome.output].lazy.map(CommandOutcome.lastLines)
        return lines.first { !$0.isEmpty }?.joined(separator: "\n")
    }
}
