/// The root file system of an image, with what is read from it once and asked for often.
final class ImageState {
    /// The root.
    let root: any ImageRoot
    /// Whether owners that this user does not stand for are seen as nobody.
    let hidesOwners: Bool
    private lazy var accountsRead = Result { try AccountDatabase(root) }
    private lazy var packagesRead = Result { try PackageDatabase(root) }

    /// Looks at this root, which must not change meanwhile.
    init(_ root: any ImageRoot, hidesOwners: Bool = false) {
        self.root = root
        self.hidesOwners = hidesOwners
    }

    /// Its users and groups.
    func accounts() throws -> AccountDatabase { try accountsRead.get() }

    /// Its Debian packages.
    func packages() throws -> PackageDatabase { try packagesRead.get() }

    /// What answers a question about the root file system; nil for one about the running image or a command.
    func answer(to inquiry: Inquiry) throws -> (any ResourceState)? {
        switch inquiry {
        case .file(let path): FileState(image: self, path: path)
        case .package(let name): PackageState(packages: try packages(), name: name)
        case .user(let name): UserState(accounts: try accounts(), name: name)
        case .group(let name): GroupState(accounts: try accounts(), name: name)
        case .matching(let content, let asReader): MatchingState(content: content, asReader: asReader)
        case .service(let name): ServiceState(name: name, root: root, isRunning: nil)
        case .command, .port, .process, .http, .addr, .dns, .interface, .kernelParam, .mount: nil
        }
    }
}
