import BakeCommands
import GitRepository
import LinuxSystem
import RegistryClient
import RootFilesystem
import SpecRun

@main
struct Bake {
    static func main() {
        let words = ProgramArguments.words
        if words.count == 3, words[1] == HelperProgram.word { serve(words[2]) }
        BakeCommand.run(Array(words.dropFirst()), helpers: serve)
    }

    /// The executable as its own helper: foreign data and namespaces stay out of the process that the user started.
    private static func serve(_ helper: String) {
        switch helper {
        case GitReadHelper.name: GitReadHelper.serve()
        case GitFetchHelper.name: GitFetchHelper.serve()
        case GitCommitHelper.name: GitCommitHelper.serve()
        case GitKeepHelper.name: GitKeepHelper.serve()
        case GitPushHelper.name: GitPushHelper.serve()
        case RegistryHelper.name: RegistryHelper.serve()
        case RootHelper.name: RootHelper.serve()
        case SpecHelper.name: SpecHelper.serve()
        case ServerspecHelper.name: ServerspecHelper.serve()
        case TreeRemovalHelper.name: TreeRemovalHelper.serve()
        default: return
        }
    }
}
