using MetaMessaging.Testing;

[assembly: AssemblyFixture(typeof(AppFixture))]
