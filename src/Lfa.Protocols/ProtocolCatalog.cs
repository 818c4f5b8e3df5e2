using Lfa.Protocols.Kinds;

namespace Lfa.Protocols;

/// <summary>The kinds of experiment.</summary>
public static class ProtocolCatalog
{
    /// <summary>Gets all kinds.</summary>
    public static IReadOnlyList<IProtocol> All { get; } = [new FewShotProtocol(), new BaseToNewProtocol(), new DomainProtocol(), new UnsupervisedProtocol(), new CrossEncoderProtocol()];
}
