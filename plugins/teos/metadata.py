"""What the service says of itself: the service document, and its metadata as CSDL XML.

Source: OASIS OData 4.0, CSDL and JSON Format; which members an asset has: the vendor's pages.
"""

import json
from typing import Final

from rpcnode.plugins.teos.config import ROOT

NAMESPACE: Final = "Default"

SERVICE_DOCUMENT: Final = json.dumps(
    {
        "@odata.context": f"{ROOT}/$metadata",
        "value": [
            {"name": "Balances", "kind": "EntitySet", "url": "Balances"},
            {"name": "Assets", "kind": "EntitySet", "url": "Assets"},
        ],
    },
    separators=(",", ":"),
).encode()

METADATA: Final = b"""<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="Default" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="Balance">
        <Key>
          <PropertyRef Name="Address"/>
          <PropertyRef Name="UniqueAssetId"/>
        </Key>
        <Property Name="Address" Type="Edm.String" Nullable="false"/>
        <Property Name="UniqueAssetId" Type="Edm.String" Nullable="false"/>
        <Property Name="Amount" Type="Edm.String" Nullable="false"/>
      </EntityType>
      <EntityType Name="Asset">
        <Key>
          <PropertyRef Name="Id"/>
        </Key>
        <Property Name="Id" Type="Edm.String" Nullable="false"/>
        <Property Name="Author" Type="Edm.String" Nullable="false"/>
        <Property Name="Name" Type="Edm.String" Nullable="false"/>
        <Property Name="Symbol" Type="Edm.String" Nullable="false"/>
        <Property Name="Description" Type="Edm.String" Nullable="false"/>
        <Property Name="SparkFactor" Type="Edm.String" Nullable="false"/>
        <Property Name="TotalAmount" Type="Default.TotalAmount" Nullable="false"/>
      </EntityType>
      <ComplexType Name="TotalAmount">
        <Property Name="TotalSparks" Type="Edm.String" Nullable="false"/>
        <Property Name="TotalUnits" Type="Edm.String" Nullable="false"/>
      </ComplexType>
      <Function Name="GetAssetsBalances" IsBound="true">
        <Parameter Name="balances" Type="Collection(Default.Balance)"/>
        <Parameter Name="addresses" Type="Collection(Edm.String)" Nullable="false"/>
        <Parameter Name="uniqueAssetIds" Type="Collection(Edm.String)" Nullable="false"/>
        <ReturnType Type="Collection(Default.Balance)"/>
      </Function>
      <Function Name="My" IsBound="true">
        <Parameter Name="balances" Type="Collection(Default.Balance)"/>
        <ReturnType Type="Collection(Default.Balance)"/>
      </Function>
      <EntityContainer Name="Container">
        <EntitySet Name="Balances" EntityType="Default.Balance"/>
        <EntitySet Name="Assets" EntityType="Default.Asset"/>
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"""
