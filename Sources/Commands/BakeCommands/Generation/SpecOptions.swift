import ArgumentParser
import BakeModel
import BakePipeline
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

    /// What a spec is read with: the variables, the environment of the image's programs and where that says nothing this
    /// process's, and the files of this machine.
    /// - Parameter image: where an image is tested.
    func context(_ session: CommandSession, for image: ImageTest?) throws -> SpecContext {
        var variables = SpecVariables.none
        for path in variableFiles {
            let bytes = try MissingSpec.orBytes(of: .variables, path, session)
            variables = variables.merged(with: try SpecVariables(parsing: bytes, name: path))
        }
        if let inline {
            variables = variables.replacing(
                with: try SpecVariables(parsing: Array(inline.utf8), name: "--vars-inline"))
        }
        let own = session.environment
        // What cannot be read is told by the test itself.
        return SpecContext(
            variables: variables, environment: own.merging((try? image?.environment()) ?? [:]) { $1 },
            files: MachineSpecFiles(relativeTo: session.absolute(".")), lender: own)
    }
}
