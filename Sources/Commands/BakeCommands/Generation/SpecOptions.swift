import ArgumentParser
import BakeModel
import SpecRun

/// goss's options: variables for templates, and how long to wait for the image.
struct SpecOptions: ParsableArguments {
    @Option(
        name: .customLong("vars"),
        help: ArgumentHelp("Variables for the spec's template, .Vars; again for more.", valueName: "file"))
    var variableFiles: [String] = []
    @Option(
        name: .customLong("vars-inline"),
        help: ArgumentHelp("Variables as YAML or JSON; they count before those of files.", valueName: "text"))
    var inline: String?
    @Option(help: ArgumentHelp("Wait for the running image at most so long (10s where not given).", valueName: "time"))
    var retryTimeout: String?
    @Option(help: ArgumentHelp("Look again after so long (50ms where not given).", valueName: "time"))
    var sleep: String?

    func validate() throws {
        if SpecPatience(timeout: retryTimeout, sleep: sleep) == nil {
            throw ValidationError("--retry-timeout and --sleep are times such as 500ms, 30s or 1m")
        }
    }

    /// How long to wait.
    func patience(orElse usual: SpecPatience) -> SpecPatience {
        SpecPatience(timeout: retryTimeout, sleep: sleep, orElse: usual) ?? usual
    }

    /// What a spec is read with: the variables, this process's environment, and the files of this machine.
    func context(_ session: CommandSession) throws -> SpecContext {
        var variables = SpecVariables.none
        for path in variableFiles {
            let bytes = try MissingSpec.orBytes(of: .variables, path, session)
            variables = variables.merged(with: try SpecVariables(parsing: bytes, name: path))
        }
        if let inline {
            variables = variables.replacing(
                with: try SpecVariables(parsing: Array(inline.utf8), name: "--vars-inline"))
        }
        return SpecContext(
            variables: variables, environment: session.environment,
            files: MachineSpecFiles(relativeTo: session.absolute(".")), lender: session.environment)
    }
}
