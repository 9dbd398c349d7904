"""/finance/ on an organization's host."""

from django.urls import path

from tenant_apps.finance.statements import views

app_name = "statements"
urlpatterns = [
    path("", views.cash_flow_page, name="cash_flow"),
    path("cash-flow.csv", views.cash_flow_file, name="cash_flow_file"),
    path("ageing/", views.ageing_page, name="ageing"),
    path("ageing.csv", views.ageing_file, name="ageing_file"),
    path("income/", views.income_page, name="income"),
    path("income.csv", views.income_file, name="income_file"),
    path("clients/<uuid:pk>/", views.account_page, name="account"),
    path("clients/<uuid:pk>/statement.csv", views.account_file, name="account_file"),
    path("clients/<uuid:pk>/statement.pdf", views.account_paper, name="account_paper"),
]
