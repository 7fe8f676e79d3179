import BakeModel
import Clibgit2
import LinuxSystem

/// The helper process that reads one repository with libgit2.
public enum GitReadHelper {
    /// Its name on the command line.
    public static let name = "git-read"

    /// Opens the repository and answers until bake is gone.
    public static func serve() -> Never {
        HelperSessionService.serve(
            open: { json in
                let request = try GitReadRequest(json)
                try limit(request)
                // The library reads the machine's certificates when it starts, which takes 6 ms; a reader asks no server.
                LibGit.load()
                try ResourceLimit.withoutOpening { try LibGit.start() }
                let repository = try OpenRepository(request.path)
                let service = GitReadService(repository, processorSeconds: request.processorSeconds)
                return (service, try repository.facts.json)
            },
            answer: { service, request, reply in try service.answer(request, reply) })
    }

    /// Nothing is written, so no file may grow.
    private static func limit(_ request: GitReadRequest) throws {
        try ResourceLimit.noCore()
        try ResourceLimit.fileSize(0)
        try ResourceLimit.addressSpace(request.addressSpace)
        try ResourceLimit.processorTime(request.processorSeconds)
    }
}
